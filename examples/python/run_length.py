def encoded(text):
    code = ""
    i = 0
    while i < len(text):
        run = 1
        while i + run < len(text):
            if text[i + run] != text[i]:
                break
            run += 1
        code += f"{run}{text[i]}"
        i += run
    return code


print(encoded("aaabccddddd"))
print(encoded("x"))
