/* What an embedding process calls, and what the VM needs to be embedded: see embedding.c. */
#ifndef MDVM_EMBEDDING_H
#define MDVM_EMBEDDING_H

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_INSIDE RPY_EXTERN
#else
#  define MDVM_INSIDE extern
#endif
#if defined(__GNUC__)
#  define MDVM_EXPORTED extern __attribute__((visibility("default")))
#else
#  define MDVM_EXPORTED extern
#endif

/* What is wanted of the running program: 1 or 0. */
struct mdvm_requests {
    long interruption;
    long sample;
};

/* For mdvm/embed.py. */
MDVM_INSIDE struct mdvm_requests mdvm_requests;
MDVM_INSIDE void *mdvm_requests_address(void);
#define mdvm_requests_address() ((void *)&mdvm_requests)
MDVM_INSIDE void mdvm_give_answer(const char *bytes, long size);
MDVM_INSIDE long mdvm_take_output(const char *bytes, long size);

/* For the embedding process. */
typedef long (*mdvm_sink)(const char *bytes, long size);

struct mdvm_answer {
    const char *bytes;
    long size;
};

MDVM_EXPORTED struct mdvm_answer mdvm_answer;
MDVM_EXPORTED long mdvm_start(mdvm_sink sink, unsigned long main_thread);
MDVM_EXPORTED long mdvm_request(int what, long number, const char *bytes, int size);
MDVM_EXPORTED long mdvm_run(int program, int function, const char *bytes, int size, int count, int variant);
MDVM_EXPORTED void mdvm_interrupt(void);
MDVM_EXPORTED void mdvm_end_interruption(void);
MDVM_EXPORTED void mdvm_request_sample(void);
MDVM_EXPORTED void mdvm_set_main_thread(unsigned long main_thread);

#endif
