-- n steps of eight bodies on a line that pull at their neighbours; the sum of the places, in millionths.
local COUNT = 8

local function simulate(n)
    local bodies = {}
    for i = 0, COUNT - 1 do
        bodies[i] = {place = i * i, speed = 0.0, mass = i + 1}
    end
    for step = 1, n do
        for i = 0, COUNT - 1 do
            local one, other = bodies[i], bodies[(i + 1) % COUNT]
            one.speed = one.speed * 0.5 + (other.place - one.place) * other.mass * 0.001
            one.place = one.place + one.speed * 0.001
        end
    end
    local total = 0.0
    for i = 0, COUNT - 1 do
        total = total + bodies[i].place
    end
    return math.floor(total * 1000000)
end

print(string.format("%d", simulate(tonumber(arg[1]))))
