def weekday(day, month, year):
    if month < 3:
        month += 12
        year -= 1
    days = day + (13 * (month + 1)) // 5 + year + year // 4 - year // 100 + year // 400
    return (days + 5) % 7 + 1


days = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
print(days[weekday(20, 7, 1969) - 1])
print(days[weekday(1, 1, 2000) - 1])
print("Mo Tu We Th Fr Sa Su")
week = "   " * (weekday(1, 2, 2027) - 1)
for day in range(1, 29):
    if day < 10:
        week += " "
    week += str(day)
    if weekday(day, 2, 2027) == 7 or day == 28:
        print(week)
        week = ""
    else:
        week += " "
