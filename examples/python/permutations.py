found = []


def permute(chosen, left):
    if not left:
        found.append(chosen)
    for letter in left:
        permute(chosen + letter, left.replace(letter, ""))


permute("", "abc")
print(" ".join(found))
print(len(found))
