row = [1]
for line in range(1, 7):
    print(" " * (6 - line) + " ".join(map(str, row)))
    following = [1]
    for i in range(1, len(row)):
        following.append(row[i - 1] + row[i])
    following.append(1)
    row = following
