known = {}
calls = 0


def fibonacci(n):
    global calls
    calls += 1
    if n < 2:
        return n
    if n in known:
        return known[n]
    value = fibonacci(n - 1) + fibonacci(n - 2)
    known[n] = value
    return value


print(fibonacci(80))
print(f"{calls} calls")
