moves = 0


def move(discs, source, target, over):
    global moves
    if discs == 0:
        return
    move(discs - 1, source, over, target)
    moves += 1
    if discs == 3:
        print(f"the largest goes from {source} to {target}")
    move(discs - 1, over, target, source)


move(3, "A", "C", "B")
print(f"{moves} moves")
