-- A queue of 1,000 events, a heap of arrays of a time and a number, from which n times the first is taken.
local COUNT = 1000

local function run(n)
    local random, total = 42, 0
    local events = {}
    for i = 0, COUNT - 1 do
        events[i] = {i, i}
    end
    for round = 1, n do
        local time, number, at = events[0][1], events[0][2], 0
        total = total + time * number
        random = random * 16807 % 2147483647
        time = time + random % 1000 + 1
        while true do
            local child = at * 2 + 1
            if child >= COUNT then
                break
            end
            if child + 1 < COUNT and events[child + 1][1] < events[child][1] then
                child = child + 1
            end
            if events[child][1] >= time then
                break
            end
            events[at] = events[child]
            at = child
        end
        events[at] = {time, number}
    end
    return total
end

print(string.format("%d", run(tonumber(arg[1]))))
