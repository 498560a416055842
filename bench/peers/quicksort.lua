-- Quicksort of n keys in a global array, recursive for the shorter part. The result depends on their order.
local n = tonumber(arg[1])
local a

local function divide(a, b)
    return (a - a % b) / b
end

local function sort(lo, hi)
    local i, j, p, t
    while lo < hi do
        p = a[divide(lo + hi, 2)]
        i = lo
        j = hi
        while i <= j do
            while a[i] < p do
                i = i + 1
            end
            while a[j] > p do
                j = j - 1
            end
            if i <= j then
                t = a[i]
                a[i] = a[j]
                a[j] = t
                i = i + 1
                j = j - 1
            end
        end
        if j - lo < hi - i then
            sort(lo, j)
            lo = i
        else
            sort(i, hi)
            hi = j
        end
    end
    return 0
end

local function main()
    local s, seed
    a = {}
    seed = 42
    for i = 0, n - 1 do
        seed = seed * 16807 % 2147483647
        a[i] = seed
    end
    sort(0, n - 1)
    s = 0
    for i = 0, n - 1 do
        s = (s * 31 + a[i]) % 1000000007
    end
    return s
end

print(string.format("%d", main()))
