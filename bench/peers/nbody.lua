-- n steps of five bodies that attract each other; the force falls with the distance.
local BODIES = 5

local function spread(count, factor)
    local made = {}
    for i = 0, count - 1 do
        made[i] = (i + 1) * (i + 1) * factor % 11 * 0.5
    end
    return made
end

local function simulate(n)
    local x, y, z = spread(BODIES, 3), spread(BODIES, 5), spread(BODIES, 7)
    local vx, vy, vz = spread(BODIES, 0), spread(BODIES, 0), spread(BODIES, 0)
    local mass, time = spread(BODIES, 2), 0.001
    for _ = 1, n do
        for i = 0, BODIES - 1 do
            for j = i + 1, BODIES - 1 do
                local dx, dy, dz = x[i] - x[j], y[i] - y[j], z[i] - z[j]
                local force = time / (dx * dx + dy * dy + dz * dz + 0.01)
                local on_i, on_j = mass[j] * force, mass[i] * force
                vx[i] = vx[i] - dx * on_i
                vy[i] = vy[i] - dy * on_i
                vz[i] = vz[i] - dz * on_i
                vx[j] = vx[j] + dx * on_j
                vy[j] = vy[j] + dy * on_j
                vz[j] = vz[j] + dz * on_j
            end
        end
        for i = 0, BODIES - 1 do
            x[i] = x[i] + vx[i] * time
            y[i] = y[i] + vy[i] * time
            z[i] = z[i] + vz[i] * time
        end
    end
    local total = 0.0
    for i = 0, BODIES - 1 do
        total = total + x[i]
        total = total + y[i]
        total = total + z[i]
    end
    return total * 1000000.0
end

local total = simulate(tonumber(arg[1]))
print(string.format("%d", total - math.fmod(total, 1)))
