stock = {}


def receive(article, count):
    stock[article] = stock.get(article, 0) + count


def send(article, count):
    if article not in stock:
        return "unknown"
    if stock[article] < count:
        return "not enough"
    stock[article] -= count
    return "sent"


receive("bolt", 100)
receive("nut", 50)
receive("bolt", 20)
print(send("bolt", 70))
print(send("nut", 51))
print(send("gear", 1))
for article, count in stock.items():
    print(f"{article}: {count}")
