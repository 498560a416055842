debt = 1000.0
rate = 0.01
payment = 300.0
month = 0
interest_paid = 0.0
while debt > 0:
    month += 1
    interest = debt * rate
    interest_paid += interest
    debt = debt + interest - payment
    if debt < 0:
        debt = 0.0
    print(f"month {month}: {debt:.2f}")
print(f"interest: {interest_paid:.2f}")
