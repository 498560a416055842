-- A linked list of 1,000 cells, n times built, reversed and added up.
local function run(n)
    local total = 0
    for round = 0, n - 1 do
        local list, reversed = nil, nil
        for i = 0, 999 do
            list = {i + round, list}
        end
        while list do
            reversed = {list[1], reversed}
            list = list[2]
        end
        local i = 0
        while reversed do
            total = total + reversed[1] * i
            i = i + 1
            reversed = reversed[2]
        end
    end
    return total
end

print(string.format("%d", run(tonumber(arg[1]))))
