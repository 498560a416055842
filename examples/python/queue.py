queue = []
served = 0


def arrive(name):
    queue.append(name)
    print(f"{name} waits at place {len(queue)}")


def serve():
    global served
    if not queue:
        print("nobody waits")
    else:
        print(f"{queue.pop(0)} is served")
        served += 1


arrive("Ada")
arrive("Kurt")
serve()
arrive("Grace")
serve()
serve()
serve()
print(f"{served} were served")
