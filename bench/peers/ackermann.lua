-- Ackermann's function of 3 and n: calls as arguments of calls, thousands deep.
local n = tonumber(arg[1])

local function ack(m, n)
    if m == 0 then
        return n + 1
    end
    if n == 0 then
        return ack(m - 1, 1)
    end
    return ack(m - 1, ack(m, n - 1))
end

local function main()
    return ack(3, n)
end

print(string.format("%d", main()))
