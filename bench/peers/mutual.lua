-- Two functions that call each other: Hofstadter's female and male sequences.
local male

local function female(n)
    if n == 0 then
        return 1
    end
    return n - male(female(n - 1))
end

function male(n)
    if n == 0 then
        return 0
    end
    return n - female(male(n - 1))
end

local total = 0
for i = 0, tonumber(arg[1]) - 1 do
    total = total + female(i)
end
print(string.format("%d", total))
