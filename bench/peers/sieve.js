// How many primes there are below n, by the sieve of Eratosthenes.
"use strict";

function sieve(n) {
    const crossedOut = new Array(n).fill(false);
    let primes = 0;
    for (let candidate = 2; candidate < n; candidate++) {
        if (crossedOut[candidate])
            continue;
        primes++;
        for (let multiple = candidate * candidate; multiple < n; multiple += candidate)
            crossedOut[multiple] = true;
    }
    return primes;
}

console.log(sieve(Number(process.argv[2])));
