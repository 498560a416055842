-- n updates of a table with 1,000 keys, which are strings.
local KEYS = 1000

local function update(n)
    local counts, keys = {}, {}
    for i = 0, KEYS - 1 do
        local key = "key" .. i
        keys[i] = key
        counts[key] = 0
    end
    local which = 0
    for _ = 1, n do
        local key = keys[which]
        counts[key] = counts[key] + 1
        which = which + 1
        if which >= KEYS then
            which = 0
        end
    end
    local total = 0
    for i = 0, KEYS - 1 do
        total = total + counts[keys[i]] * i
    end
    return total
end

print(string.format("%d", update(tonumber(arg[1]))))
