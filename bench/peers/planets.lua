-- n steps of five bodies that pull at each other, each a record of seven floats; two of them are changed at a time.
-- The result is a sum of their places, in millionths.
local n = tonumber(arg[1])

local function main()
    local a, am, b, bm, bodies, count, d2, dx, dy, dz, e, f, mag
    bodies = {}
    for i = 0, 4 do
        f = i
        bodies[i] = { x = f * 2.5 - 3.0, y = 1.0 + f * f, z = 0.5 * f, vx = 0.1 * f, vy = 0.2 - 0.1 * f, vz = 0.01 * f, mass = 1.0 + 3.0 * f }
    end
    for step = 0, n - 1 do
        for i = 0, 4 do
            for j = i + 1, 4 do
                a = bodies[i]
                b = bodies[j]
                dx = a.x - b.x
                dy = a.y - b.y
                dz = a.z - b.z
                d2 = dx * dx + dy * dy + dz * dz + 0.01
                mag = 0.0001 / (d2 * d2)
                bm = b.mass * mag
                am = a.mass * mag
                a.vx = a.vx - dx * bm
                a.vy = a.vy - dy * bm
                a.vz = a.vz - dz * bm
                b.vx = b.vx + dx * am
                b.vy = b.vy + dy * am
                b.vz = b.vz + dz * am
                bodies[i] = a
                bodies[j] = b
            end
        end
        for i = 0, 4 do
            b = bodies[i]
            b.x = b.x + 0.0001 * b.vx
            b.y = b.y + 0.0001 * b.vy
            b.z = b.z + 0.0001 * b.vz
            bodies[i] = b
        end
    end
    e = 0.0
    for i = 0, 4 do
        b = bodies[i]
        e = e + b.x + b.y * b.z
    end
    e = e * 1000000.0
    count = 0
    while e >= 1000000.0 do
        e = e - 1000000.0
        count = count + 1000000
    end
    while e >= 1.0 do
        e = e - 1.0
        count = count + 1
    end
    return count
end

print(string.format("%d", main()))
