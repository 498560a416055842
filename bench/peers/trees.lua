-- Binary trees up to a depth of n, built, counted and dropped again; a node is a table of two.
local function build(depth)
    if depth == 0 then
        return {false, false}
    end
    return {build(depth - 1), (build(depth - 1))}
end

local function count(node)
    if not node[1] then
        return 1
    end
    return count(node[1]) + count(node[2]) + 1
end

local n = tonumber(arg[1])
local lasting, total = build(n), 0
for depth = 4, n, 2 do
    for _ = 1, 2 ^ (n - depth + 4) do
        total = total + count(build(depth))
    end
end
print(string.format("%d", total + count(lasting)))
