-- What starting and ending costs.
print(string.format("%d", tonumber(arg[1])))
