-- The ways to place n queens on a board: a recursive function that changes three arrays which are its arguments.
local n = tonumber(arg[1])
local place, zeros, main

function place(row, n, cols, up, down)
    local count
    if row == n then
        return 1
    end
    count = 0
    for c = 0, n - 1 do
        if cols[c] == 0 and up[row + c] == 0 and down[row - c + n] == 0 then
            cols[c] = 1
            up[row + c] = 1
            down[row - c + n] = 1
            count = count + place(row + 1, n, cols, up, down)
            cols[c] = 0
            up[row + c] = 0
            down[row - c + n] = 0
        end
    end
    return count
end

function zeros(n)
    local a
    a = {}
    for i = 0, n - 1 do
        a[i] = 0
    end
    return a
end

function main()
    return place(0, n, zeros(n), zeros(2 * n), zeros(2 * n + 1))
end

print(string.format("%d", main()))
