prices = {"tea": 350, "milk": 99, "bread": 280}
basket = {"tea": 2, "bread": 1, "milk": 4}


def money(cents):
    return f"{cents / 100:.2f}"


total = 0
for article, count in basket.items():
    cost = count * prices[article]
    total += cost
    print(f"{count} x {article}: {money(cost)}")
if total > 1000:
    total -= total // 10
else:
    print("no discount")
print("total:", money(total))
