def roman(number):
    values = [1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1]
    signs = "M CM D CD C XC L XL X IX V IV I".split()
    text = ""
    for value, sign in zip(values, signs):
        while number >= value:
            text += sign
            number -= value
    return text


for year in [4, 14, 1999, 2026]:
    print(f"{year} = {roman(year)}")
