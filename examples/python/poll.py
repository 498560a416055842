votes = "tea coffee tea water coffee tea".split(" ")
tally = {}
for vote in votes:
    if vote in tally:
        tally[vote] += 1
    else:
        tally[vote] = 1
most = max(tally.values())
for choice, count in tally.items():
    print(f"{choice} {'#' * count}{' winner' if count == most else ''}")
