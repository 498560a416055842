-- A binary search tree in three global arrays, into which n keys are inserted by a recursive function.
-- The result is its depth and how many keys there are.
local n = tonumber(arg[1])
local count, key, left, right, insert, depth, main

function insert(at, k)
    if at == -1 then
        key[count] = k
        left[count] = -1
        right[count] = -1
        count = count + 1
        return count - 1
    end
    if k < key[at] then
        left[at] = insert(left[at], k)
    elseif k > key[at] then
        right[at] = insert(right[at], k)
    end
    return at
end

function depth(at)
    local l, r
    if at == -1 then
        return 0
    end
    l = depth(left[at])
    r = depth(right[at])
    if l > r then
        return l + 1
    end
    return r + 1
end

function main()
    local root, seed
    key = {}
    left = {}
    right = {}
    count = 0
    root = -1
    seed = 42
    for i = 0, n - 1 do
        seed = seed * 16807 % 2147483647
        root = insert(root, seed)
    end
    return depth(root) * 1000000 + count
end

print(string.format("%d", main()))
