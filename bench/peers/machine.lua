-- A state machine that reads a text n times over and counts its words, numbers and comments.
local LENGTH = 10000

local function make_text(length)
    local alphabet, number, made = "abc 01() d", 42, {}
    for i = 0, length - 1 do
        number = (number * 3877 + 29573) % 139968
        local which = math.floor(number / 13997) + 1
        made[i] = alphabet:sub(which, which)
    end
    return made
end

local function scan(text, length)
    -- the state: 0 between, 1 in a word, 2 in a number, 3 in a comment
    local state, words, numbers, comments = 0, 0, 0, 0
    for i = 0, length - 1 do
        local character = text[i]
        if state == 3 then
            if character == ")" then
                state = 0
            end
        elseif character == " " or character == ")" then
            state = 0
        elseif character == "(" then
            comments = comments + 1
            state = 3
        elseif character == "0" or character == "1" then
            if state == 0 then
                numbers = numbers + 1
                state = 2
            end
        elseif state ~= 1 then
            words = words + 1
            state = 1
        end
    end
    return (words * 1000 + numbers) * 1000 + comments
end

local text, total = make_text(LENGTH), 0
for _ = 1, tonumber(arg[1]) do
    total = total + scan(text, LENGTH)
end
print(string.format("%d", total))
