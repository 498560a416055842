/* What an embedding process calls, and what the VM needs to be embedded: see embedding.c. */
#ifndef MDVM_EMBEDDING_H
#define MDVM_EMBEDDING_H

#include "linkage.h"

/* For mdvm/embedding/c_interface.py. */
MDVM_OWN void mdvm_give_answer(const char *bytes, long size);
MDVM_OWN long mdvm_take_output(const char *bytes, long size, long is_line);
MDVM_OWN long mdvm_call_host(const char *bytes, long size);
MDVM_OWN char *mdvm_reply(void);

/* For the embedding process. */
struct mdvm_bytes {
    const char *bytes;
    long size;
};

MDVM_EXPORTED struct mdvm_bytes mdvm_answer;
MDVM_EXPORTED struct mdvm_bytes mdvm_output;
MDVM_EXPORTED long mdvm_start(unsigned long main_thread);
MDVM_EXPORTED long mdvm_request(int what, long number, const char *bytes, long size);
MDVM_EXPORTED long mdvm_run(int program, int function, const char *bytes, int size, int count, int variant);
MDVM_EXPORTED long mdvm_run_limited(int program, int function, const char *bytes, int size, int count, int variant,
                                    int seconds, int nanoseconds, int *ended);
MDVM_EXPORTED long mdvm_hold(int seconds, int nanoseconds, int *ended);
MDVM_EXPORTED long mdvm_resume(int by_line);
MDVM_EXPORTED int mdvm_level;
MDVM_EXPORTED long mdvm_give_result(int level, const char *bytes, long size);
MDVM_EXPORTED int mdvm_write(int descriptor);
MDVM_EXPORTED void mdvm_leave(void);
MDVM_EXPORTED void mdvm_end(int *ended);
MDVM_EXPORTED long mdvm_close(void);
MDVM_EXPORTED void mdvm_request_sample(void);

#endif
