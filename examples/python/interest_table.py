def year_by_year(balance, rate=250, years=5):
    table = []
    for year in range(1, years + 1):
        interest = (balance * rate + 5000) // 10000
        balance += interest
        table.append({"year": year, "interest": interest, "balance": balance})
    return table


def by_the_formula(balance, rate, years):
    return balance * (1 + rate / 10000) ** years


for line in year_by_year(100000):
    print(f"year {line['year']}: {line['interest']} more, {line['balance']}")
print(f"{by_the_formula(100000, 250, 5):.2f}")
print(year_by_year(100000, 400, 18)[-1]["balance"])
for rate in range(100, 601, 100):
    years = 0
    balance = 1.0
    while balance < 2:
        years += 1
        balance = by_the_formula(1, rate, years)
    print(f"doubled after {years} years")
