import sys


def main(n: int) -> int:
    words = []
    for i in range(n):
        words.append("w" + str(i * 7919 % 1000))
    text = " ".join(words)
    counts: dict[str, int] = {}
    for word in text.split(" "):
        if word in counts:
            counts[word] += 1
        else:
            counts[word] = 1
    total = 0
    for count in counts.values():
        total += count * count
    return total


print(main(int(sys.argv[1])))
