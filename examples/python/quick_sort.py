def quick_sort(items):
    if len(items) < 2:
        return items
    pivot = items[0]
    small = []
    large = []
    for value in items[1:]:
        if value < pivot:
            small.append(value)
        else:
            large.append(value)
    return quick_sort(small) + [pivot] + quick_sort(large)


print(*quick_sort([5, 3, 8, 1, 9, 2, 7, 3]))
print(*quick_sort([]))
