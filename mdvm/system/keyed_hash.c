/* The hash of strings, keyed: SipHash-1-3 (Aumasson, Bernstein: SipHash, a fast short-input PRF, 2012) with a key that the process
   takes from the system when it first hashes something.  Who does not know the key cannot choose strings that collide.

   MDVM_HASH_SEED=N makes the key one that depends on N only, to measure or to look for an error under the same conditions;
   0 stands for a key of zeros.  A forked child keeps the key, since its tables were made with it. */

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <sys/syscall.h>
#include "keyed_hash.h"

#define ROTATED(word, by) ((word) << (by) | (word) >> (64 - (by)))

#define ROUND \
    do { \
        v0 += v1; v2 += v3; \
        v1 = ROTATED(v1, 13) ^ v0; v3 = ROTATED(v3, 16) ^ v2; \
        v0 = ROTATED(v0, 32); \
        v2 += v1; v0 += v3; \
        v1 = ROTATED(v1, 17) ^ v2; v3 = ROTATED(v3, 21) ^ v0; \
        v2 = ROTATED(v2, 32); \
    } while (0)

static uint64_t key[2];
static int has_key = 0;

/* Fills the key from the system.  Returns 0 where that gives nothing. */
static int take_random_key(void)
{
    ssize_t got = -1;
#ifdef SYS_getrandom
    got = syscall(SYS_getrandom, key, sizeof key, 1 /* GRND_NONBLOCK */);
#endif
    if (got != sizeof key) {
        int descriptor = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
        if (descriptor >= 0) {
            got = read(descriptor, key, sizeof key);
            close(descriptor);
        }
    }
    return got == sizeof key;
}

/* Where there is nothing better: addresses, which the system randomizes, and the time. */
static void make_up_key(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    key[0] = (uint64_t)(uintptr_t)&now ^ (uint64_t)now.tv_nsec << 40 ^ (uint64_t)getpid() << 20;
    key[1] = (uint64_t)(uintptr_t)&key ^ (uint64_t)now.tv_sec << 32;
}

static void choose_key(void)
{
    int error = errno;      /* whoever hashes does not expect it to change */
    const char *seed = getenv("MDVM_HASH_SEED");
    if (seed != NULL && *seed != '\0')
        key[0] = key[1] = strtoull(seed, NULL, 10);
    else if (!take_random_key())
        make_up_key();
    has_key = 1;
    errno = error;
}

static inline uint64_t word_at(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

long mdvm_hash(const char *bytes, long size)
{
    if (!has_key)
        choose_key();
    uint64_t v0 = key[0] ^ 0x736f6d6570736575ULL, v1 = key[1] ^ 0x646f72616e646f6dULL;
    uint64_t v2 = key[0] ^ 0x6c7967656e657261ULL, v3 = key[1] ^ 0x7465646279746573ULL;
    uint64_t last = (uint64_t)size << 56;
    long left = size;
    for (; left >= 8; left -= 8, bytes += 8) {
        uint64_t word = word_at(bytes);
        v3 ^= word;
        ROUND;
        v0 ^= word;
    }
    for (long index = 0; index < left; index++)
        last |= (uint64_t)(unsigned char)bytes[index] << (8 * index);
    v3 ^= last;
    ROUND;
    v0 ^= last;
    v2 ^= 0xff;
    ROUND;
    ROUND;
    ROUND;
    return (long)(v0 ^ v1 ^ v2 ^ v3);
}
