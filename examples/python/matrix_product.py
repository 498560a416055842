def product(left, right):
    rows = []
    for row in left:
        made = []
        for column in range(len(right[0])):
            total = 0
            for i in range(len(row)):
                total += row[i] * right[i][column]
            made.append(total)
        rows.append(made)
    return rows


def show(matrix):
    for row in matrix:
        print(*row)


a = [[1, 2, 3], [4, 5, 6]]
b = [[7, 8], [9, 10], [11, 12]]
show(product(a, b))
show(product(b, a))
rotation = [[0, -1], [1, 0]]
power = rotation
for _ in range(3):
    power = product(power, rotation)
show(power)
