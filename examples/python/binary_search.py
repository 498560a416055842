def position(wanted, items):
    low = 1
    high = len(items)
    while low <= high:
        middle = (low + high) // 2
        if items[middle - 1] == wanted:
            return middle
        if items[middle - 1] < wanted:
            low = middle + 1
        else:
            high = middle - 1
    return 0


squares = [i * i for i in range(1, 101)]
for wanted in [1, 49, 50, 10000]:
    print(f"{wanted}: {position(wanted, squares)}")
