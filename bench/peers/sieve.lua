-- How many primes there are below n, by the sieve of Eratosthenes.
local function sieve(n)
    local crossed_out = {}
    for i = 0, n - 1 do
        crossed_out[i] = false
    end
    local primes = 0
    for candidate = 2, n - 1 do
        if not crossed_out[candidate] then
            primes = primes + 1
            for multiple = candidate * candidate, n - 1, candidate do
                crossed_out[multiple] = true
            end
        end
    end
    return primes
end

print(string.format("%d", sieve(tonumber(arg[1]))))
