alphabet = "abcdefghijklmnopqrstuvwxyz"


def shifted(text, shift):
    result = ""
    for letter in text:
        place = alphabet.find(letter)
        if place >= 0:
            letter = alphabet[(place + shift) % 26]
        result += letter
    return result


secret = shifted("veni, vidi, vici", 3)
print(secret)
print(shifted(secret, -3))
