/* The C side of host functions without a VM: what stands here in its place runs "programs" that only call the host.

   Program N prints a line and calls the host, `times` times, and gives the sum of what it gets; its host runs program N - 1 to answer. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "src/stack.h"
#include "embedding.h"

#define OUTPUT (-10)
#define POLL (-11)
#define HOST_CALL (-21)

rpy_stacktoobig_t rpy_stacktoobig;
pthread_key_t pypy_threadlocal_key;
long rpy_fastgil = 0;

char LL_stack_too_big_slowpath(long current) { (void)current; return 0; }
long mdvm_most_stack(void) { return 64L << 20; }
void mdvm_free_everything(void) {}
void rpython_startup_code(void) {}
long mdvm_enter_start(void) { return 0; }
long mdvm_enter_request(long what, long number, const char *bytes, long size)
{
    (void)bytes, (void)size;
    return what * 100 + number;
}

static void check(int holds, const char *what)
{
    if (!holds) {
        printf("wrong: %s\n", what);
        exit(1);
    }
}

static int abandoned = 0;

long mdvm_enter_run(long program, long times, const char *bytes, long size, long count, long mode)
{
    volatile char frame[5000];      /* what no other run may write on */
    char text[32];
    long total = 0;
    (void)bytes, (void)size, (void)count, (void)mode;
    check(rpy_fastgil == 0, "RPython's lock is free");     /* it waits for nobody */
    rpy_fastgil = 1;
    memset((char *)frame, (int)program, sizeof frame);
    for (long turn = 0; turn < times; turn++) {
        if (mdvm_take_output("line", 4, 1)) {
            rpy_fastgil = 0;
            return 6;
        }
        long got = mdvm_call_host(text, snprintf(text, sizeof text, "%ld", program));
        for (size_t at = 0; at < sizeof frame; at++)
            check(frame[at] == (char)program, "the stack");
        if (got < 0) {
            abandoned++;
            rpy_fastgil = 0;
            return 6;
        }
        total += atol(mdvm_reply());
    }
    rpy_fastgil = 0;
    mdvm_give_answer(text, snprintf(text, sizeof text, "%ld", total));
    return 1;
}

static long number_in(struct mdvm_bytes bytes)
{
    char text[32] = "";
    memcpy(text, bytes.bytes, bytes.size);
    return atol(text);
}

/* fails_at: the program whose host fails, 0 for none. */
static long run(int program, int times, int fails_at)
{
    long status = mdvm_run(program, times, "", 0, 0, 0), result = -1;
    while (status <= OUTPUT) {
        if (status == HOST_CALL) {
            char reply[32];
            int level = mdvm_level;
            long answer = 1;
            check(number_in(mdvm_output) == program, "who calls");
            check(mdvm_request(3, program, "", 0) == 300 + program, "a request");
            mdvm_leave();
            check(mdvm_request(20, program, "", 0) == 2000 + program, "a question");
            mdvm_leave();
            if (program == fails_at)
                answer = -1;
            else if (program > 1)
                answer = run(program - 1, program > 8 ? 1 : 2, fails_at);
            if (answer < 0) {
                mdvm_leave();
                return -1;
            }
            check(level == mdvm_level, "the level");
            check(mdvm_give_result(level + 1, "0", 2) == -22, "a level that has not paused");
            status = mdvm_give_result(level, reply, snprintf(reply, sizeof reply, "%ld", answer) + 1);
        }
        else {
            check(status == OUTPUT || status == POLL, "a status");
            status = mdvm_resume(0);
        }
    }
    if (status == 1)
        result = number_in(mdvm_answer);
    mdvm_leave();
    return result;
}

static void *run_often(void *unused)
{
    for (int turn = 0; turn < 50; turn++)
        check(run(6, 2, 0) == 64, "a run of several threads");
    return unused;
}

int main(void)
{
    pthread_t threads[4];
    check(mdvm_start((unsigned long)pthread_self()) == 0, "the start");
    check(run(6, 2, 0) == 64, "the sum");
    check(run(150, 1, 0) == 128, "many levels");
    check(run(6, 2, 2) == -1 && abandoned == 5, "a host that fails");
    check(run(6, 2, 0) == 64, "the sum after that");
    for (int number = 0; number < 4; number++)
        pthread_create(&threads[number], NULL, run_often, NULL);
    for (int number = 0; number < 4; number++)
        pthread_join(threads[number], NULL);
    check(mdvm_level == 0, "the level at the end");
    puts("all right");
    return 0;
}
