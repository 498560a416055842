-- One sudoku that is solved n times by trying: a recursive function that changes a global array.
-- The result tells how often a digit was tried.
local n = tonumber(arg[1])
local grid, tries, allowed, solve, main

local function divide(a, b)
    return (a - a % b) / b
end

function allowed(cell, v)
    local c, c0, r, r0
    r = divide(cell, 9)
    c = cell % 9
    for i = 0, 8 do
        if grid[r * 9 + i] == v then
            return false
        end
        if grid[i * 9 + c] == v then
            return false
        end
    end
    r0 = divide(r, 3) * 3
    c0 = divide(c, 3) * 3
    for i = 0, 2 do
        for j = 0, 2 do
            if grid[(r0 + i) * 9 + c0 + j] == v then
                return false
            end
        end
    end
    return true
end

function solve(cell)
    while cell < 81 and grid[cell] ~= 0 do
        cell = cell + 1
    end
    if cell == 81 then
        return true
    end
    for v = 1, 9 do
        tries = tries + 1
        if allowed(cell, v) then
            grid[cell] = v
            if solve(cell + 1) then
                return true
            end
            grid[cell] = 0
        end
    end
    return false
end

function main()
    local total
    tries = 0
    total = 0
    for k = 0, n - 1 do
        grid = {}
        for i = 0, 80 do
            grid[i] = 0
        end
        grid[0] = 8
        grid[11] = 3
        grid[12] = 6
        grid[19] = 7
        grid[22] = 9
        grid[24] = 2
        grid[28] = 5
        grid[32] = 7
        grid[40] = 4
        grid[41] = 5
        grid[42] = 7
        grid[48] = 1
        grid[52] = 3
        grid[56] = 1
        grid[61] = 6
        grid[62] = 8
        grid[65] = 8
        grid[66] = 5
        grid[70] = 1
        grid[73] = 9
        grid[78] = 4
        solve(0)
        total = total + (grid[80] * 100 + grid[1])
    end
    return tries * 1000 + total
end

print(string.format("%d", main()))
