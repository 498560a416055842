size = 6


def alive(board, x, y):
    return board[y % size][x % size]


def next_generation(board):
    made = []
    for y in range(size):
        row = []
        for x in range(size):
            count = 0
            for dy in (-1, 0, 1):
                for dx in (-1, 0, 1):
                    count += alive(board, x + dx, y + dy)
            row.append(1 if count == 3 else alive(board, x, y) if count == 4 else 0)
        made.append(row)
    return made


def show(board):
    for row in board:
        print("".join("#" if cell == 1 else "." for cell in row))
    print()


start = [[0] * size for _ in range(size)]
for x, y in [(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)]:
    start[y][x] = 1
world = start
show(world)
for generation in range(1, 25):
    world = next_generation(world)
    if generation == 4:
        show(world)
print("home again" if world == start else "lost")
