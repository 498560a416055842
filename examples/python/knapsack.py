weights = [5, 4, 6, 3]
values = [10, 40, 30, 50]
best = [0] * 11
for thing in range(len(weights)):
    for room in range(10, weights[thing] - 1, -1):
        with_it = best[room - weights[thing]] + values[thing]
        if with_it > best[room]:
            best[room] = with_it
print("the best value is", best[-1])
