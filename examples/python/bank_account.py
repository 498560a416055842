account = {"owner": "Ada", "balance": 0}
statement = []


def note(what, amount):
    statement.append(f"{what} {amount}: {account['balance']}")


def deposit(amount, text="deposit"):
    account["balance"] += amount
    note(text, amount)


def withdraw(amount):
    if amount > account["balance"]:
        note("refused", amount)
        return False
    account["balance"] -= amount
    note("withdrawal", amount)
    return True


deposit(10000)
deposit(250000, text="wages")
print("the rent is paid" if withdraw(75050) else "the rent has to wait")
print("the boat is bought" if withdraw(999999) else "no boat today")
for entry in statement:
    print(entry)
print(f"{account['owner']} has {account['balance']} cents")
