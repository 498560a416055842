/* Enters and leaves coroutines of mdvm/system/coroutine.c as an embedding process does, on whatever processor it is compiled for.
   Prints what went wrong, or "ok". */

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unwind.h>
#include "coroutine.h"
#include "forks.h"
#include "memory.h"

#define CHECK(condition) \
    do { if (!(condition)) { printf("line %d: %s\n", __LINE__, #condition); wrong++; } } while (0)

static int wrong = 0;

/* What coroutine.c takes of its neighbours. */

long mdvm_most_stack(void) { return 8L << 20; }
int mdvm_is_forking(void) { return 0; }
void mdvm_wait_for_fork(void) { }
void mdvm_stand_still(void) { }

static char log_of_steps[100];

static void step(const char *text)
{
    strcat(log_of_steps, text);
}

static int is_on_own_stack(const void *place)
{
    return (const char *)place < mdvm_own_stack_top && (const char *)place > mdvm_own_stack_top - mdvm_stack_length;
}

/* So many numbers at once that they are in all the registers that a call keeps, and in memory besides. */
#define ALL(each) each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7) each(8) each(9) each(10) each(11)
#define MAKE(n) long i##n = seed * (n + 3); double f##n = (double)seed / (n + 3); __asm__ volatile("" : "+r"(i##n));
#define LOOK(n) CHECK(i##n == seed * (n + 3)); CHECK(f##n == (double)seed / (n + 3));

static __attribute__((noinline)) void keep_numbers(volatile long *seed_at, void (*meanwhile)(void))
{
    const long seed = *seed_at;
    ALL(MAKE)
    for (int turn = 0; turn < 3; turn++) {
        meanwhile();
        ALL(LOOK)
    }
}

/* Registers that are asked for by name, since a compiler may put all of the floats above into memory. */
#if defined(__aarch64__)
#define FLOATS(each) each(8) each(9) each(10) each(11) each(12) each(13) each(14) each(15)
#define PUT(n) register double r##n __asm__("d" #n) = number + n; __asm__ volatile("" : "+w"(r##n));
#define TAKE(n) __asm__ volatile("" : "+w"(r##n)); double t##n = r##n;
#define COMPARE(n) CHECK(t##n == number + n);

static __attribute__((noinline)) void keep_in_registers(double number, void (*meanwhile)(void))
{
    FLOATS(PUT)
    meanwhile();
    FLOATS(TAKE)
    FLOATS(COMPARE)
}
#endif

static volatile long inner_seed = 1000003, outer_seed = -77;

static void pause_it(void) { mdvm_pause_coroutine(); }
static void go_on(void) { CHECK(mdvm_continue_coroutine() == 1); }

static void body_of_numbers(void *argument)
{
    CHECK(argument == &inner_seed);
    CHECK(is_on_own_stack(__builtin_frame_address(0)));
    CHECK((unsigned long)__builtin_frame_address(0) % 16 == 0);
    keep_numbers(&inner_seed, pause_it);
#if defined(__aarch64__)
    keep_in_registers(2.5, pause_it);
#endif
    for (;;)
        mdvm_pause_coroutine();
}

static void numbers_survive_on_both_sides(void)
{
    CHECK(mdvm_begin_coroutine(body_of_numbers, (void *)&inner_seed) == 1);
    CHECK(mdvm_is_paused() && !mdvm_is_in_coroutine());
    keep_numbers(&outer_seed, go_on);
#if defined(__aarch64__)
    keep_in_registers(-99.125, go_on);
#endif
}

static __attribute__((noinline)) long depth(long left)
{
    volatile char room[512];
    room[0] = (char)left;
    return left == 0 ? 0 : depth(left - 1) + 1 + 0 * room[0];
}

static void body_of_steps(void *argument)
{
    CHECK(mdvm_is_in_coroutine());
    step(argument);
    mdvm_pause_coroutine();
    CHECK(depth(20) == 20);     /* writes to where those stood that were below it */
    step(argument);
}

static void *go_on_in_thread(void *nothing)
{
    (void)nothing;
    return mdvm_continue_coroutine() ? "paused" : NULL;
}

static void one_ends_in_another_thread(void)
{
    pthread_t thread;
    void *result;
    log_of_steps[0] = 0;
    CHECK(mdvm_begin_coroutine(body_of_steps, "a") == 1);
    CHECK(pthread_create(&thread, NULL, go_on_in_thread, NULL) == 0 && pthread_join(thread, &result) == 0);
    CHECK(result == NULL && !mdvm_is_paused());
    CHECK(strcmp(log_of_steps, "aa") == 0);
}

static void two_stand_on_one_stack(void)
{
    struct mdvm_paused first, second;
    log_of_steps[0] = 0;
    CHECK(mdvm_begin_coroutine(body_of_steps, "a") == 1);
    CHECK(mdvm_put_aside(&first));
    CHECK(!mdvm_is_paused());
    CHECK(mdvm_begin_coroutine(body_of_steps, "b") == 1);
    CHECK(mdvm_put_aside(&second));
    CHECK(mdvm_begin_coroutine(body_of_steps, "c") == 1);
    CHECK(mdvm_continue_coroutine() == 0);
    mdvm_take_back(&second);
    CHECK(mdvm_is_paused());
    CHECK(mdvm_continue_coroutine() == 0);
    mdvm_take_back(&first);
    CHECK(mdvm_continue_coroutine() == 0);
    CHECK(strcmp(log_of_steps, "abccba") == 0);
}

static void body_of_depth(void *result)
{
    *(long *)result = depth(5000);
}

static void there_is_room(void)
{
    long result = 0;
    CHECK(mdvm_begin_coroutine(body_of_depth, &result) == 0);
    CHECK(result == 5000);
}

struct walk { void *last; int frames, found; };

static _Unwind_Reason_Code look_at_frame(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    walk->frames++;
    if (_Unwind_FindEnclosingFunction((void *)(_Unwind_GetIP(context) - 1)) == walk->last)
        walk->found = 1;
    return _URC_NO_REASON;
}

static void body_of_walk(void *walk)
{
    _Unwind_Backtrace(look_at_frame, walk);
}

/* A debugger finds the way from the coroutine's stack to the caller's. */
static __attribute__((noinline)) void callers_are_found(void)
{
    struct walk walk = {(void *)callers_are_found, 0, 0};
    CHECK(mdvm_begin_coroutine(body_of_walk, &walk) == 0);
    CHECK(walk.found && walk.frames > 4 && walk.frames < 20);
}

int main(void)
{
    CHECK(mdvm_make_stack());
    there_is_room();
    one_ends_in_another_thread();
    two_stand_on_one_stack();
    callers_are_found();
    numbers_survive_on_both_sides();
    if (!wrong)
        puts("ok");
    return wrong != 0;
}
