def letters(text):
    return text.lower().replace(" ", "").replace(",", "")


def is_palindrome(text):
    plain = letters(text)
    return plain == plain[::-1]


for text in ["A man, a plan, a canal, Panama", "Hello", "level"]:
    print(f"{text}: {'yes' if is_palindrome(text) else 'no'}")
