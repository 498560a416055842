/* mdvm.h: programs in Machine Dialect bytecode, run from C.

   Exactly one source file defines MDVM_IMPLEMENTATION before it includes this; all are linked with libmdvm:

       cc program.c -Iinclude -L. -lmdvm -Wl,-rpath,.

   docs/c.md has an example. There is one VM in a process, and one thread in it at a time: a call from another thread waits. Nothing here
   prints, exits, or installs a signal handler. Everything that a function gives belongs to the caller, who frees it. */
#ifndef MDVM_H
#define MDVM_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ____________________________________________________________ values */

typedef enum {
    MDVM_EMPTY,
    MDVM_BOOL,
    MDVM_INT,
    MDVM_FLOAT,
    MDVM_STRING,
    MDVM_URL,
    MDVM_FUNCTION,
    MDVM_ARRAY,
    MDVM_DICT,
    MDVM_SET
} mdvm_kind;

typedef struct mdvm_value {
    mdvm_kind kind;
    int64_t number;             /* of an int; of a bool 1 or 0 */
    double real;                /* of a float */
    char *bytes;                /* UTF-8 of a string or URL, the name of a function; a zero follows */
    size_t size;                /* bytes, elements, members or entries */
    struct mdvm_value *items;   /* elements or members; of a dict key, value, key, value and so on */
} mdvm_value;

mdvm_value mdvm_empty(void);
mdvm_value mdvm_bool(int is_true);
mdvm_value mdvm_int(int64_t number);
mdvm_value mdvm_float(double number);

/* A copy of a C string.  MDVM_EMPTY if there is no memory. */
mdvm_value mdvm_string(const char *text);

/* An array of values that it takes over, which is copied itself.  If there is no memory they are freed, and it is MDVM_EMPTY. */
mdvm_value mdvm_array(const mdvm_value *items, size_t count);

/* Frees what a value has, and makes it MDVM_EMPTY. */
void mdvm_free_value(mdvm_value *value);

/* ____________________________________________________________ programs */

typedef struct mdvm_program mdvm_program;

typedef enum {
    MDVM_DONE,              /* value is what the program gave back, MDVM_EMPTY if it gave nothing back */
    MDVM_LOAD_ERROR,        /* the file cannot be read, or is no program */
    MDVM_RUN_ERROR,
    MDVM_LIMIT_ERROR,       /* the program went beyond a limit, see `limit` */
    MDVM_HOST_ERROR,        /* a function or the output of the caller ended the run */
    MDVM_CALLER_ERROR       /* there is no such function or option, or the VM cannot be used like that */
} mdvm_status;

typedef enum { MDVM_NO_LIMIT, MDVM_INSTRUCTIONS, MDVM_TIMEOUT, MDVM_ENDED, MDVM_MEMORY, MDVM_OUTPUT } mdvm_limit;

typedef struct mdvm_frame {
    char *function;         /* its name, "" for the top level */
    int64_t instruction;    /* its index in the file */
} mdvm_frame;

typedef struct mdvm_outcome {
    mdvm_status status;
    mdvm_value value;
    char *error;            /* the text of the error, NULL if there is none */
    mdvm_limit limit;
    mdvm_frame *frames;     /* of an error at run time, from the innermost on */
    size_t frame_count;
} mdvm_outcome;

/* A function that programs can call.  Returns 0, and what it gives back in result; anything else ends the run with MDVM_HOST_ERROR.  It may
   run programs. */
typedef struct mdvm_host_function {
    const char *name;
    int (*call)(void *data, const mdvm_value *arguments, size_t count, mdvm_value *result);
    void *data;
} mdvm_host_function;

/* All zero: no limits, output to file descriptor 1, no functions. */
typedef struct mdvm_options {
    int64_t max_instructions;       /* 0 for no limit, here and below */
    int64_t max_depth;              /* nested calls */
    int64_t max_memory;             /* bytes beyond those in use before */
    int64_t max_output;             /* bytes */
    double timeout;                 /* seconds */
    int *ended;                     /* a flag for mdvm_end_run, 0 at first */
    const char *jit;                /* parameters of the JIT, "off" for none; NULL for the usual ones */
    int (*output)(void *data, const char *bytes, size_t size);  /* 0, or anything else to end the run */
    void *output_data;
    const mdvm_host_function *functions;
    size_t function_count;
} mdvm_options;

/* A program from a file, or from the bytes of one.  NULL if there is an error, which *error, if error is not NULL, then tells. */
mdvm_program *mdvm_load(const char *path, char **error);
mdvm_program *mdvm_load_bytes(const void *bytes, size_t size, char **error);
void mdvm_free_program(mdvm_program *program);

/* Runs a program from its beginning, or one of its functions.  options: NULL for none. */
mdvm_outcome mdvm_run_program(mdvm_program *program, const mdvm_options *options);
mdvm_outcome mdvm_call_function(mdvm_program *program, const char *function, const mdvm_value *arguments, size_t count,
                                const mdvm_options *options);
void mdvm_free_outcome(mdvm_outcome *outcome);

/* Ends the run that has this flag among its options, from any thread. */
void mdvm_end_run(int *ended);

#ifdef __cplusplus
}
#endif
#endif /* MDVM_H */

/* ________________________________________________________________________________________________________________________ */

#if defined(MDVM_IMPLEMENTATION) && !defined(MDVM_IMPLEMENTED)
#define MDVM_IMPLEMENTED

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What libmdvm has: mdvm/embedding/embedding.h. */
struct mdvm_bytes {
    const char *bytes;
    long size;
};
extern struct mdvm_bytes mdvm_answer, mdvm_output;
extern int mdvm_level;
extern long mdvm_start(unsigned long main_thread);
extern long mdvm_request(int what, long number, const char *bytes, long size);
extern long mdvm_run_limited(int program, int function, const char *bytes, int size, int count, int variant, int seconds, int nanoseconds,
                             int *ended);
extern long mdvm_hold(int seconds, int nanoseconds, int *ended);
extern long mdvm_resume(int by_line);
extern long mdvm_give_result(int level, const char *bytes, long size);
extern int mdvm_write(int descriptor);
extern void mdvm_leave(void);
extern void mdvm_end(int *ended);

/* The numbers of mdvm/embedding/protocol.py. */
enum mdvm_protocol {
    MDVM_P_EMPTY, MDVM_P_FALSE, MDVM_P_TRUE, MDVM_P_INT, MDVM_P_FLOAT, MDVM_P_STRING, MDVM_P_ARRAY, MDVM_P_INTS, MDVM_P_FLOATS,
    MDVM_P_DICT, MDVM_P_FUNCTION, MDVM_P_URL, MDVM_P_MAP, MDVM_P_SET, MDVM_P_MARSHALLED,
    MDVM_P_NO_VALUE = 0, MDVM_P_VALUE = 1, MDVM_P_RUN_ERROR = 3, MDVM_P_LIMIT_ERROR = 4, MDVM_P_FIRST_FRAME = 3,
    MDVM_P_PAUSED = -10, MDVM_P_OUTPUT = -10, MDVM_P_POLL = -11, MDVM_P_WAITING = -12, MDVM_P_TIMED_OUT = -14, MDVM_P_ENDED_WAITING = -15,
    MDVM_P_HOST_CALL = -21,
    MDVM_P_COUNT = 2, MDVM_P_LIMIT_DEPTH = 4, MDVM_P_LIMIT_INSTRUCTIONS = 8, MDVM_P_OWN_CODE = 16, MDVM_P_TUNED_CODE = 256, MDVM_P_HELD = 1024,
    MDVM_P_LOAD = 0, MDVM_P_LOAD_FILE = 1, MDVM_P_DROP = 2, MDVM_P_SET_MAX_INSTRUCTIONS = 3, MDVM_P_SET_MAX_DEPTH = 4, MDVM_P_SET_JIT = 5,
    MDVM_P_SET_MAX_MEMORY = 7, MDVM_P_SET_MAX_OUTPUT = 8, MDVM_P_SET_FUNCTIONS = 10, MDVM_P_ASK_FUNCTIONS = 16,
    MDVM_P_NO_PROGRAM = -1, MDVM_P_START = -1, MDVM_P_MOST_ARGUMENTS = 255
};

#define MDVM_P_MOST_NESTED 1000     /* of what goes into the VM or comes out, which is walked by recursion */

/* ____________________________________________________________ values */

static mdvm_value mdvm_new_value(mdvm_kind kind)
{
    mdvm_value value;
    memset(&value, 0, sizeof value);
    value.kind = kind;
    return value;
}

mdvm_value mdvm_empty(void)
{
    return mdvm_new_value(MDVM_EMPTY);
}

mdvm_value mdvm_bool(int is_true)
{
    mdvm_value value = mdvm_new_value(MDVM_BOOL);
    value.number = is_true != 0;
    return value;
}

mdvm_value mdvm_int(int64_t number)
{
    mdvm_value value = mdvm_new_value(MDVM_INT);
    value.number = number;
    return value;
}

mdvm_value mdvm_float(double number)
{
    mdvm_value value = mdvm_new_value(MDVM_FLOAT);
    value.real = number;
    return value;
}

static mdvm_value mdvm_text(mdvm_kind kind, const char *bytes, size_t size)
{
    mdvm_value value = mdvm_new_value(kind);
    value.bytes = (char *)malloc(size + 1);
    if (value.bytes == NULL)
        return mdvm_empty();
    memcpy(value.bytes, bytes, size);
    value.bytes[size] = 0;
    value.size = size;
    return value;
}

mdvm_value mdvm_string(const char *text)
{
    return mdvm_text(MDVM_STRING, text, strlen(text));
}

static size_t mdvm_item_count(const mdvm_value *value)
{
    return value->kind == MDVM_DICT ? 2 * value->size : value->items == NULL ? 0 : value->size;
}

void mdvm_free_value(mdvm_value *value)
{
    size_t index, count = mdvm_item_count(value);
    for (index = 0; index < count && value->items != NULL; index++)
        mdvm_free_value(&value->items[index]);
    free(value->items);
    free(value->bytes);
    *value = mdvm_empty();
}

/* items: room for so many, all empty.  NULL if there is no memory. */
static mdvm_value *mdvm_room_for(size_t count)
{
    return (mdvm_value *)calloc(count ? count : 1, sizeof(mdvm_value));
}

mdvm_value mdvm_array(const mdvm_value *items, size_t count)
{
    mdvm_value value = mdvm_new_value(MDVM_ARRAY);
    value.items = mdvm_room_for(count);
    value.size = count;
    if (value.items == NULL) {
        value.items = (mdvm_value *)items;
        for (; count > 0; count--)
            mdvm_free_value(&value.items[count - 1]);
        return mdvm_empty();
    }
    if (count)
        memcpy(value.items, items, count * sizeof(mdvm_value));
    return value;
}

/* ____________________________________________________________ values to bytes */

typedef struct {
    char *bytes;
    size_t size, room;
    int failed;             /* there was no memory, or the value has no such form */
} mdvm_writer;

static void mdvm_put(mdvm_writer *writer, const void *bytes, size_t size)
{
    if (writer->failed)
        return;
    if (writer->room - writer->size < size) {
        size_t room = 2 * writer->room + size + 64;
        char *larger = (char *)realloc(writer->bytes, room);
        if (larger == NULL) {
            writer->failed = 1;
            return;
        }
        writer->bytes = larger;
        writer->room = room;
    }
    if (size)
        memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

static void mdvm_put_word(mdvm_writer *writer, int64_t word)
{
    mdvm_put(writer, &word, sizeof word);
}

static void mdvm_put_text(mdvm_writer *writer, const char *bytes, size_t size)
{
    static const char zeros[8] = {0};
    mdvm_put_word(writer, (int64_t)size);
    mdvm_put(writer, bytes, size);
    mdvm_put(writer, zeros, (8 - size % 8) % 8);
}

static void mdvm_put_value(mdvm_writer *writer, const mdvm_value *value, int depth)
{
    static const int tags[] = {MDVM_P_EMPTY, 0, MDVM_P_INT, MDVM_P_FLOAT, MDVM_P_STRING, MDVM_P_URL, MDVM_P_FUNCTION, MDVM_P_ARRAY, MDVM_P_MAP,
                               MDVM_P_SET};
    size_t index, count;
    if (depth == MDVM_P_MOST_NESTED || (unsigned)value->kind > MDVM_SET) {
        writer->failed = 1;
        return;
    }
    if (value->kind == MDVM_BOOL) {
        mdvm_put_word(writer, value->number ? MDVM_P_TRUE : MDVM_P_FALSE);
        return;
    }
    mdvm_put_word(writer, tags[value->kind]);
    switch (value->kind) {
    case MDVM_INT:
        mdvm_put_word(writer, value->number);
        break;
    case MDVM_FLOAT:
        mdvm_put(writer, &value->real, sizeof value->real);
        break;
    case MDVM_STRING: case MDVM_URL: case MDVM_FUNCTION:
        mdvm_put_text(writer, value->bytes, value->size);
        break;
    case MDVM_ARRAY: case MDVM_DICT: case MDVM_SET:
        mdvm_put_word(writer, (int64_t)value->size);
        count = mdvm_item_count(value);
        for (index = 0; index < count; index++)
            mdvm_put_value(writer, &value->items[index], depth + 1);
        break;
    default:
        break;
    }
}

/* ____________________________________________________________ bytes to values */

typedef struct {
    const unsigned char *bytes, *end;
    mdvm_value *references;     /* texts that are referred to again, which their containers have */
    size_t reference_count, reference_room;
    int failed;
} mdvm_reader;

static int mdvm_has(mdvm_reader *reader, size_t size)
{
    if ((size_t)(reader->end - reader->bytes) < size)
        reader->failed = 1;
    return !reader->failed;
}

static int64_t mdvm_take_word(mdvm_reader *reader)
{
    int64_t word = 0;
    if (mdvm_has(reader, sizeof word)) {
        memcpy(&word, reader->bytes, sizeof word);
        reader->bytes += sizeof word;
    }
    return word;
}

static double mdvm_take_double(mdvm_reader *reader)
{
    int64_t bits = mdvm_take_word(reader);
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

static mdvm_value mdvm_take_text(mdvm_reader *reader, mdvm_kind kind, size_t size)
{
    mdvm_value value = mdvm_empty();
    if (!mdvm_has(reader, size))
        return value;
    value = mdvm_text(kind, (const char *)reader->bytes, size);
    reader->failed |= value.kind == MDVM_EMPTY;
    reader->bytes += size;
    return value;
}

/* As protocol.py has it, with zeros behind up to a whole word. */
static mdvm_value mdvm_take_padded(mdvm_reader *reader, mdvm_kind kind)
{
    size_t size = (size_t)mdvm_take_word(reader), padding = (8 - size % 8) % 8;
    mdvm_value value = mdvm_take_text(reader, kind, size);
    if (mdvm_has(reader, padding))
        reader->bytes += padding;
    return value;
}

static mdvm_value mdvm_begin_container(mdvm_reader *reader, mdvm_kind kind, size_t size, size_t least_bytes)
{
    mdvm_value value = mdvm_new_value(kind);
    if (size > (size_t)(reader->end - reader->bytes) / least_bytes || (value.items = mdvm_room_for(kind == MDVM_DICT ? 2 * size : size)) == NULL) {
        reader->failed = 1;
        return mdvm_empty();
    }
    value.size = size;
    return value;
}

static mdvm_value mdvm_take_marshalled(mdvm_reader *reader, int depth);

static mdvm_value mdvm_take_value(mdvm_reader *reader, int depth)
{
    int64_t tag = mdvm_take_word(reader), size;
    size_t index, count;
    mdvm_value value = mdvm_empty();
    if (depth == MDVM_P_MOST_NESTED)
        reader->failed = 1;
    if (reader->failed)
        return value;
    switch (tag) {
    case MDVM_P_EMPTY:
        return value;
    case MDVM_P_FALSE: case MDVM_P_TRUE:
        return mdvm_bool(tag == MDVM_P_TRUE);
    case MDVM_P_INT:
        return mdvm_int(mdvm_take_word(reader));
    case MDVM_P_FLOAT:
        return mdvm_float(mdvm_take_double(reader));
    case MDVM_P_STRING:
        return mdvm_take_padded(reader, MDVM_STRING);
    case MDVM_P_URL:
        return mdvm_take_padded(reader, MDVM_URL);
    case MDVM_P_FUNCTION:
        return mdvm_take_padded(reader, MDVM_FUNCTION);
    case MDVM_P_MARSHALLED:
        (void)mdvm_take_word(reader);
        return mdvm_take_marshalled(reader, depth);
    default:
        break;
    }
    size = mdvm_take_word(reader);
    value = mdvm_begin_container(reader, tag == MDVM_P_DICT || tag == MDVM_P_MAP ? MDVM_DICT : tag == MDVM_P_SET ? MDVM_SET : MDVM_ARRAY,
                                 (size_t)size, 8);
    count = mdvm_item_count(&value);
    for (index = 0; index < count && !reader->failed; index++) {
        if (tag == MDVM_P_INTS)
            value.items[index] = mdvm_int(mdvm_take_word(reader));
        else if (tag == MDVM_P_FLOATS)
            value.items[index] = mdvm_float(mdvm_take_double(reader));
        else if (tag == MDVM_P_DICT && index % 2 == 0)
            value.items[index] = mdvm_take_padded(reader, MDVM_STRING);
        else
            value.items[index] = mdvm_take_value(reader, depth + 1);
    }
    return value;
}

/* ______________________________ the format of CPython's marshal module, as far as the VM writes it */

static int mdvm_take_byte(mdvm_reader *reader)
{
    return mdvm_has(reader, 1) ? *reader->bytes++ : 0;
}

static int32_t mdvm_take_int32(mdvm_reader *reader)
{
    uint32_t number = 0;
    int index;
    for (index = 0; index < 4; index++)
        number |= (uint32_t)mdvm_take_byte(reader) << 8 * index;
    return (int32_t)number;
}

/* An int of more than 32 bits: digits of 15 bits. */
static mdvm_value mdvm_take_long(mdvm_reader *reader)
{
    int32_t count = mdvm_take_int32(reader), digits = count < 0 ? -count : count, index;
    uint64_t number = 0;
    for (index = 0; index < digits && index < 5; index++) {
        uint64_t low = (uint64_t)mdvm_take_byte(reader), high = (uint64_t)mdvm_take_byte(reader);
        number |= (low | high << 8) << 15 * index;
    }
    return mdvm_int((int64_t)(count < 0 ? 0 - number : number));
}

static int mdvm_keep_reference(mdvm_reader *reader, mdvm_value text)
{
    if (reader->reference_count == reader->reference_room) {
        size_t room = 2 * reader->reference_room + 16;
        mdvm_value *larger = (mdvm_value *)realloc(reader->references, room * sizeof(mdvm_value));
        if (larger == NULL)
            return 0;
        reader->references = larger;
        reader->reference_room = room;
    }
    reader->references[reader->reference_count++] = text;
    return 1;
}

static void mdvm_take_entries(mdvm_reader *reader, mdvm_value *dict, int depth)
{
    size_t room = 0;
    while (!reader->failed && mdvm_has(reader, 1) && *reader->bytes != '0') {
        if (dict->size == room) {
            mdvm_value *larger = (mdvm_value *)realloc(dict->items, (4 * room + 16) * sizeof(mdvm_value));
            if (larger == NULL) {
                reader->failed = 1;
                return;
            }
            dict->items = larger;
            room = 2 * room + 8;
        }
        dict->items[2 * dict->size + 1] = mdvm_empty();
        dict->items[2 * dict->size] = mdvm_take_marshalled(reader, depth + 1);
        dict->size++;
        dict->items[2 * dict->size - 1] = mdvm_take_marshalled(reader, depth + 1);
    }
    (void)mdvm_take_byte(reader);
}

static mdvm_value mdvm_take_marshalled(mdvm_reader *reader, int depth)
{
    int byte = mdvm_take_byte(reader);
    size_t index, reference;
    mdvm_value value = mdvm_empty();
    if (depth == MDVM_P_MOST_NESTED)
        reader->failed = 1;
    if (reader->failed)
        return value;
    switch (byte & 0x7f) {
    case 'N':
        return value;
    case 'T': case 'F':
        return mdvm_bool(byte == 'T');
    case 'i':
        return mdvm_int(mdvm_take_int32(reader));
    case 'l':
        return mdvm_take_long(reader);
    case 'g':
        return mdvm_float(mdvm_take_double(reader));
    case 'u':
        value = mdvm_take_text(reader, MDVM_STRING, (size_t)(uint32_t)mdvm_take_int32(reader));
        if (byte & 0x80)
            reader->failed |= !mdvm_keep_reference(reader, value);
        return value;
    case 'r':
        reference = (size_t)(uint32_t)mdvm_take_int32(reader);
        if (reference < reader->reference_count) {
            value = mdvm_text(MDVM_STRING, reader->references[reference].bytes, reader->references[reference].size);
            reader->failed |= value.kind == MDVM_EMPTY;
        }
        else
            reader->failed = 1;
        return value;
    case '[':
        value = mdvm_begin_container(reader, MDVM_ARRAY, (size_t)(uint32_t)mdvm_take_int32(reader), 1);
        for (index = 0; index < value.size && !reader->failed; index++)
            value.items[index] = mdvm_take_marshalled(reader, depth + 1);
        return value;
    case '{':
        value = mdvm_new_value(MDVM_DICT);
        mdvm_take_entries(reader, &value, depth);
        return value;
    default:
        reader->failed = 1;
        return value;
    }
}

/* The value in bytes of the VM.  *failed: whether there was no memory, or it is nested too deeply. */
static mdvm_value mdvm_value_of(struct mdvm_bytes bytes, int *failed)
{
    mdvm_reader reader;
    mdvm_value value;
    memset(&reader, 0, sizeof reader);
    reader.bytes = (const unsigned char *)bytes.bytes;
    reader.end = reader.bytes + (bytes.size < 0 ? 0 : bytes.size);
    value = mdvm_take_value(&reader, 0);
    free(reader.references);
    *failed = reader.failed;
    if (reader.failed)
        mdvm_free_value(&value);
    return value;
}

/* ____________________________________________________________ programs */

struct mdvm_program {
    int handle;
    mdvm_value functions;       /* a dict: for each name, [number, index of its first instruction] */
};

static char *mdvm_copy_text(const char *text)
{
    return mdvm_string(text).bytes;
}

/* A request, made again as long as another thread is in the VM. */
static long mdvm_ask(int what, long number, const char *bytes, size_t size)
{
    long result = mdvm_request(what, number, bytes, (long)size);
    while (result == MDVM_P_POLL || result == MDVM_P_WAITING)
        result = result == MDVM_P_POLL ? mdvm_resume(0) : mdvm_request(what, number, bytes, (long)size);
    return result;
}

static void mdvm_tell(char **error, const char *text)
{
    if (error != NULL)
        *error = mdvm_copy_text(text);
}

static mdvm_program *mdvm_load_with(int what, const char *bytes, size_t size, char **error)
{
    mdvm_program *program = (mdvm_program *)calloc(1, sizeof *program);
    int failed = 0;
    long handle;
    if (error != NULL)
        *error = NULL;
    if (program == NULL || mdvm_start(0)) {
        free(program);
        mdvm_tell(error, "there is not enough memory");
        return NULL;
    }
    handle = mdvm_ask(what, MDVM_P_NO_PROGRAM, bytes, size);
    if (handle == -1) {
        mdvm_value text = mdvm_value_of(mdvm_answer, &failed);
        mdvm_tell(error, text.kind == MDVM_STRING ? text.bytes : "there is not enough memory");
        mdvm_free_value(&text);
    }
    else if (handle < 0)
        mdvm_tell(error, "the VM cannot be used here");
    mdvm_leave();
    if (handle >= 0) {
        program->handle = (int)handle;
        if (mdvm_ask(MDVM_P_ASK_FUNCTIONS, handle, "", 0) >= 0)
            program->functions = mdvm_value_of(mdvm_answer, &failed);
        mdvm_leave();
        if (!failed)
            return program;
        mdvm_tell(error, "there is not enough memory");
        mdvm_ask(MDVM_P_DROP, handle, "", 0);
    }
    free(program);
    return NULL;
}

mdvm_program *mdvm_load(const char *path, char **error)
{
    return mdvm_load_with(MDVM_P_LOAD_FILE, path, strlen(path), error);
}

mdvm_program *mdvm_load_bytes(const void *bytes, size_t size, char **error)
{
    return mdvm_load_with(MDVM_P_LOAD, (const char *)bytes, size, error);
}

void mdvm_free_program(mdvm_program *program)
{
    if (program == NULL)
        return;
    mdvm_ask(MDVM_P_DROP, program->handle, "", 0);
    mdvm_leave();
    mdvm_free_value(&program->functions);
    free(program);
}

/* ____________________________________________________________ runs */

static mdvm_outcome mdvm_failure(mdvm_status status, const char *error)
{
    mdvm_outcome outcome;
    memset(&outcome, 0, sizeof outcome);
    outcome.status = status;
    outcome.error = mdvm_copy_text(error);
    return outcome;
}

/* Enters the VM and tells it the limits of the run that follows.  Returns NULL, or what is wrong.  *status: that of the run, if its time is
   over before it begins. */
static const char *mdvm_prepare(const mdvm_options *options, const struct timespec *deadline, long *status)
{
    static int is_tuned = 0;
    const char *jit = options->jit == NULL ? "default" : options->jit;
    long result;
    do
        result = mdvm_hold((int)deadline->tv_sec, (int)deadline->tv_nsec, options->ended);
    while (result == MDVM_P_WAITING || result == MDVM_P_POLL);
    if (result == MDVM_P_TIMED_OUT || result == MDVM_P_ENDED_WAITING) {
        *status = result;
        return NULL;
    }
    if (result)
        return "the VM cannot be used here";
    if (options->max_instructions > 0)
        mdvm_ask(MDVM_P_HELD | MDVM_P_SET_MAX_INSTRUCTIONS, options->max_instructions, "", 0);
    if (options->max_depth > 0)
        mdvm_ask(MDVM_P_HELD | MDVM_P_SET_MAX_DEPTH, options->max_depth, "", 0);
    if (options->max_memory > 0)
        mdvm_ask(MDVM_P_HELD | MDVM_P_SET_MAX_MEMORY, options->max_memory, "", 0);
    if (options->max_output > 0)
        mdvm_ask(MDVM_P_HELD | MDVM_P_SET_MAX_OUTPUT, options->max_output, "", 0);
    if (options->function_count > 0) {
        mdvm_writer names;
        size_t index;
        memset(&names, 0, sizeof names);
        for (index = 0; index < options->function_count; index++) {
            mdvm_put_word(&names, MDVM_P_STRING);
            mdvm_put_text(&names, options->functions[index].name, strlen(options->functions[index].name));
        }
        if (!names.failed)
            mdvm_ask(MDVM_P_HELD | MDVM_P_SET_FUNCTIONS, (long)options->function_count, names.bytes, names.size);
        free(names.bytes);
        if (names.failed)
            return "there is not enough memory";
    }
    if (is_tuned || options->jit != NULL) {
        mdvm_ask(MDVM_P_HELD | MDVM_P_SET_JIT, 0, "default", 7);
        is_tuned = options->jit != NULL;
        if (is_tuned && mdvm_ask(MDVM_P_HELD | MDVM_P_SET_JIT, 0, jit, strlen(jit)) != 1)
            return "the JIT knows no such parameters";
    }
    return NULL;
}

/* Calls the function of the caller that a run has paused for, and goes on.  Returns the next status; *failed: the run is to end. */
static long mdvm_serve_call(const mdvm_options *options, int *failed)
{
    int level = mdvm_level;
    long status = MDVM_P_HOST_CALL;
    mdvm_writer result;
    mdvm_value given = mdvm_empty(), call = mdvm_value_of(mdvm_output, failed);
    memset(&result, 0, sizeof result);
    if (!*failed) {
        /* The number of -1 asks for the last result in another form; ours have only one. */
        int64_t number = call.kind == MDVM_ARRAY && call.size > 0 ? call.items[0].number : -1;
        *failed = number < 0 || (size_t)number >= options->function_count;
        if (!*failed) {
            const mdvm_host_function *function = &options->functions[number];
            *failed = function->call(function->data, call.items + 1, call.size - 1, &given);
        }
    }
    if (!*failed)
        mdvm_put_value(&result, &given, 0);
    *failed |= result.failed;
    if (!*failed)
        status = mdvm_give_result(level, result.bytes, (long)result.size);
    free(result.bytes);
    mdvm_free_value(&given);
    mdvm_free_value(&call);
    return status;
}

static long mdvm_serve_output(const mdvm_options *options, int *failed)
{
    if (options->output != NULL)
        *failed = options->output(options->output_data, mdvm_output.bytes, (size_t)mdvm_output.size);
    else {
        int problem;
        do
            problem = mdvm_write(1);
        while (problem == EINTR);
        *failed = problem > 0;
    }
    return *failed ? (long)MDVM_P_OUTPUT : mdvm_resume(options->output != NULL || isatty(1));
}

static mdvm_outcome mdvm_outcome_of(long status)
{
    mdvm_outcome outcome;
    mdvm_value answer;
    int failed;
    size_t index;
    memset(&outcome, 0, sizeof outcome);
    if (status == MDVM_P_NO_VALUE)
        return outcome;
    answer = mdvm_value_of(mdvm_answer, &failed);
    if (failed)
        return mdvm_failure(MDVM_CALLER_ERROR, "what the program gives back is nested too deeply, or there is not enough memory");
    if (status == MDVM_P_VALUE) {
        outcome.value = answer;
        return outcome;
    }
    if (answer.kind != MDVM_ARRAY) {
        outcome = mdvm_failure(MDVM_CALLER_ERROR, answer.kind == MDVM_STRING ? answer.bytes : "the VM cannot be used here");
        mdvm_free_value(&answer);
        return outcome;
    }
    outcome.status = status == MDVM_P_LIMIT_ERROR ? MDVM_LIMIT_ERROR : MDVM_RUN_ERROR;
    outcome.limit = (mdvm_limit)answer.items[2].number;
    outcome.error = answer.items[0].bytes;
    answer.items[0].bytes = NULL;
    outcome.frames = (mdvm_frame *)calloc(answer.size, sizeof(mdvm_frame));
    for (index = MDVM_P_FIRST_FRAME; index + 1 < answer.size && outcome.frames != NULL; index += 2) {
        mdvm_frame *frame = &outcome.frames[outcome.frame_count++];
        frame->function = answer.items[index].bytes;
        frame->instruction = answer.items[index + 1].number;
        answer.items[index].bytes = NULL;
    }
    mdvm_free_value(&answer);
    return outcome;
}

/* The VM knows only that it was interrupted, not by what. */
static void mdvm_name_limit(mdvm_outcome *outcome, double timeout)
{
    char text[64];
    if (outcome->limit != MDVM_TIMEOUT && outcome->limit != MDVM_ENDED)
        return;
    snprintf(text, sizeof text, outcome->limit == MDVM_TIMEOUT ? "Timeout: %g s" : "Ended by its handle", timeout);
    free(outcome->error);
    outcome->error = mdvm_copy_text(text);
}

static struct timespec mdvm_deadline(double timeout)
{
    struct timespec deadline = {0, 0};
    if (timeout > 0 && timeout < 1e8) {
        long seconds = (long)timeout;
        clock_gettime(CLOCK_MONOTONIC, &deadline);
        deadline.tv_sec += seconds;
        deadline.tv_nsec += (long)((timeout - (double)seconds) * 1e9);
        if (deadline.tv_nsec >= 1000000000) {
            deadline.tv_nsec -= 1000000000;
            deadline.tv_sec++;
        }
    }
    return deadline;
}

static mdvm_outcome mdvm_run_from(mdvm_program *program, int function, const mdvm_writer *arguments, size_t count, const mdvm_options *options)
{
    mdvm_options no_options;
    mdvm_outcome outcome;
    struct timespec deadline;
    const char *problem;
    int failed = 0, mode = 0;
    long status = 0;
    memset(&no_options, 0, sizeof no_options);
    if (options == NULL)
        options = &no_options;
    deadline = mdvm_deadline(options->timeout);
    if (options->max_instructions > 0)
        mode |= MDVM_P_COUNT | MDVM_P_LIMIT_INSTRUCTIONS;
    if (options->max_depth > 0)
        mode |= MDVM_P_LIMIT_DEPTH;
    if (options->jit != NULL)
        mode |= strcmp(options->jit, "off") == 0 ? MDVM_P_OWN_CODE : MDVM_P_TUNED_CODE;
    problem = mdvm_prepare(options, &deadline, &status);
    if (problem != NULL) {
        mdvm_leave();
        return mdvm_failure(MDVM_CALLER_ERROR, problem);
    }
    if (status == 0)
        status = mdvm_run_limited(program->handle, function, arguments->size ? arguments->bytes : "", (int)arguments->size, (int)count,
                                  mode | MDVM_P_HELD, (int)deadline.tv_sec, (int)deadline.tv_nsec, options->ended);
    while (status <= MDVM_P_PAUSED && !failed) {
        if (status == MDVM_P_HOST_CALL)
            status = mdvm_serve_call(options, &failed);
        else if (status == MDVM_P_OUTPUT)
            status = mdvm_serve_output(options, &failed);
        else if (status == MDVM_P_POLL)
            status = mdvm_resume(0);
        else
            break;
    }
    if (failed)
        outcome = mdvm_failure(MDVM_HOST_ERROR, "the run was ended by a function or the output of its caller");
    else if (status == MDVM_P_TIMED_OUT || status == MDVM_P_ENDED_WAITING) {
        outcome = mdvm_failure(MDVM_LIMIT_ERROR, "");
        outcome.limit = status == MDVM_P_TIMED_OUT ? MDVM_TIMEOUT : MDVM_ENDED;
    }
    else if (status <= MDVM_P_PAUSED)
        outcome = mdvm_failure(MDVM_CALLER_ERROR, "the VM cannot be used here");
    else
        outcome = mdvm_outcome_of(status);
    mdvm_leave();
    mdvm_name_limit(&outcome, options->timeout);
    return outcome;
}

mdvm_outcome mdvm_run_program(mdvm_program *program, const mdvm_options *options)
{
    mdvm_writer nothing;
    memset(&nothing, 0, sizeof nothing);
    return mdvm_run_from(program, MDVM_P_START, &nothing, 0, options);
}

mdvm_outcome mdvm_call_function(mdvm_program *program, const char *function, const mdvm_value *arguments, size_t count,
                                const mdvm_options *options)
{
    mdvm_outcome outcome;
    mdvm_writer writer;
    size_t index;
    int64_t number = -1;
    memset(&writer, 0, sizeof writer);
    for (index = 0; index < program->functions.size && number < 0; index++)
        if (strcmp(program->functions.items[2 * index].bytes, function) == 0)
            number = program->functions.items[2 * index + 1].items[0].number;
    if (number < 0)
        return mdvm_failure(MDVM_CALLER_ERROR, "the program has no function of that name");
    if (count > MDVM_P_MOST_ARGUMENTS)
        return mdvm_failure(MDVM_CALLER_ERROR, "a function takes at most 255 arguments");
    for (index = 0; index < count; index++)
        mdvm_put_value(&writer, &arguments[index], 0);
    if (writer.failed || writer.size > INT_MAX) {
        free(writer.bytes);
        return mdvm_failure(MDVM_CALLER_ERROR, "the arguments are too large or nested too deeply");
    }
    outcome = mdvm_run_from(program, (int)number, &writer, count, options);
    free(writer.bytes);
    return outcome;
}

void mdvm_free_outcome(mdvm_outcome *outcome)
{
    size_t index;
    mdvm_free_value(&outcome->value);
    free(outcome->error);
    for (index = 0; index < outcome->frame_count; index++)
        free(outcome->frames[index].function);
    free(outcome->frames);
    memset(outcome, 0, sizeof *outcome);
}

void mdvm_end_run(int *ended)
{
    mdvm_end(ended);
}

#ifdef __cplusplus
}
#endif
#endif /* MDVM_IMPLEMENTATION */
