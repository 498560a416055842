def is_complete(group):
    return "".join(sorted(group)) == "123456789"


def is_solved(rows):
    for i in range(9):
        row = []
        column = []
        box = []
        for j in range(9):
            row.append(rows[i][j])
            column.append(rows[j][i])
            box.append(rows[i // 3 * 3 + j // 3][i % 3 * 3 + j % 3])
        if not (is_complete(row) and is_complete(column) and is_complete(box)):
            return False
    return True


rows = (
    "534678912 672195348 198342567 859761423 426853791 713924856 961537284 287419635 345286179"
).split()
print("solved" if is_solved(rows) else "wrong")
rows[0] = "534678921"
print("solved" if is_solved(rows) else "wrong")
