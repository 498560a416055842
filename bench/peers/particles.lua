-- n steps of 200 particles in a box, each a record; the sum of the places, in thousandths.
local COUNT = 200

local function simulate(n)
    local random = 42
    local particles = {}
    for i = 0, COUNT - 1 do
        local record = {}
        for j = 0, 3 do
            random = random * 16807 % 2147483647
            record[j] = random / 2147483647.0
        end
        particles[i] = record
    end
    for step = 1, n do
        for i = 0, COUNT - 1 do
            local record = particles[i]
            local x, speed = record[0], record[2]
            x = x + speed * 0.001
            if x < 0.0 or x > 1.0 then
                record[2] = 0.0 - speed
            end
            record[0] = x
            local y = record[1]
            speed = record[3]
            y = y + speed * 0.001
            if y < 0.0 or y > 1.0 then
                record[3] = 0.0 - speed
            end
            record[1] = y
        end
    end
    local total = 0.0
    for i = 0, COUNT - 1 do
        total = total + particles[i][0]
        total = total + particles[i][1]
    end
    return math.floor(total * 1000)
end

print(string.format("%d", simulate(tonumber(arg[1]))))
