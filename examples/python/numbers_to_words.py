small = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
).split()
tens = "ten twenty thirty forty fifty sixty seventy eighty ninety".split()


def in_words(n):
    if n < 20:
        return small[n]
    if n < 100:
        if n % 10 == 0:
            return tens[n // 10 - 1]
        return tens[n // 10 - 1] + "-" + small[n % 10]
    if n < 1000:
        text = in_words(n // 100) + " hundred"
        return text + " and " + in_words(n % 100) if n % 100 else text
    text = in_words(n // 1000) + " thousand"
    return text + " " + in_words(n % 1000) if n % 1000 else text


for n in [7, 42, 90, 115, 2026]:
    print(f"{n}: {in_words(n)}")
