-- The towers of Hanoi with n discs: a call of four ints twice in itself. The result weighs each move by its rods.
local n = tonumber(arg[1])

local function hanoi(n, a, b, c)
    if n == 0 then
        return 0
    end
    return hanoi(n - 1, a, c, b) + a * 3 + b + hanoi(n - 1, c, b, a)
end

local function main()
    return hanoi(n, 1, 2, 3)
end

print(string.format("%d", main()))
