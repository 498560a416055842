text = "The cat saw the dog and the dog saw the cat."
counts = {}
for word in text.lower().replace(".", "").split():
    if word in counts:
        counts[word] += 1
    else:
        counts[word] = 1
for word in sorted(counts):
    print(word, counts[word])
