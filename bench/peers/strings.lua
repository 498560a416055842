-- n times two characters are appended to a string.
local function append(n)
    local text = ""
    for _ = 1, n do
        text = text .. "ab"
    end
    return #text
end

print(string.format("%d", append(tonumber(arg[1]))))
