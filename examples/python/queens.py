def ways(placed, size):
    row = len(placed) + 1
    if row > size:
        return 1
    count = 0
    for column in range(1, size + 1):
        free = True
        for other in range(1, row):
            if abs(placed[other - 1] - column) in (0, row - other):
                free = False
                break
        if free:
            count += ways([*placed, column], size)
    return count


for size in range(1, 7):
    print(f"{size}: {ways([], size)}")
