grades = {"Ada": [95, 88, 100], "Kurt": [70, 65], "Grace": [85]}


def letter(mean):
    if mean >= 90:
        return "A"
    if mean >= 80:
        return "B"
    if mean >= 70:
        return "C"
    return "F"


for student in grades:
    mean = sum(grades[student]) / len(grades[student])
    print(f"{student}: {mean:.1f} {letter(mean)}")
