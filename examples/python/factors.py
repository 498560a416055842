def factors(n):
    found = []
    factor = 2
    while factor * factor <= n:
        if n % factor == 0:
            found.append(factor)
            n //= factor
        else:
            factor += 1
    if n > 1:
        found.append(n)
    return found


for n in [12, 97, 360, 1001]:
    print(f"{n} = {' * '.join(map(str, factors(n)))}")
