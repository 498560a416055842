/* Uses include/mdvm.h as an embedder would: tests/binary/test_c_header.py says of each name below what is to be printed.

       embedder NAME PROGRAM */
#include "mdvm.h"
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void show(const mdvm_value *value)
{
    size_t index;
    switch (value->kind) {
    case MDVM_EMPTY: printf("empty"); break;
    case MDVM_BOOL: printf(value->number ? "true" : "false"); break;
    case MDVM_INT: printf("%" PRId64, value->number); break;
    case MDVM_FLOAT: printf("%.17g", value->real); break;
    case MDVM_STRING: printf("\"%s\"%zu", value->bytes, value->size); break;
    case MDVM_URL: printf("url %s", value->bytes); break;
    case MDVM_FUNCTION: printf("@%s", value->bytes); break;
    default:
        printf(value->kind == MDVM_ARRAY ? "[" : value->kind == MDVM_DICT ? "{" : "<");
        for (index = 0; index < value->size; index++) {
            if (index)
                printf(", ");
            if (value->kind == MDVM_DICT) {
                show(&value->items[2 * index]);
                printf(": ");
                show(&value->items[2 * index + 1]);
            }
            else
                show(&value->items[index]);
        }
        printf(value->kind == MDVM_ARRAY ? "]" : value->kind == MDVM_DICT ? "}" : ">");
    }
}

static void tell(mdvm_outcome outcome)
{
    static const char *const statuses[] = {"done", "load error", "run error", "limit error", "host error", "caller error"};
    size_t index;
    printf("%s %d ", statuses[outcome.status], outcome.limit);
    show(&outcome.value);
    printf(" %s", outcome.error == NULL ? "-" : outcome.error);
    for (index = 0; index < outcome.frame_count; index++)
        printf(" %s:%" PRId64, outcome.frames[index].function, outcome.frames[index].instruction);
    printf("\n");
    fflush(stdout);
    mdvm_free_outcome(&outcome);
}

static mdvm_program *program;

static int twice(void *data, const mdvm_value *arguments, size_t count, mdvm_value *result)
{
    *(int *)data += 1;
    if (count != 1)
        return 1;
    *result = mdvm_int(2 * arguments[0].number);
    return 0;
}

/* Gives back what it is given, by way of the program's own function. */
static int around(void *data, const mdvm_value *arguments, size_t count, mdvm_value *result)
{
    mdvm_outcome outcome = mdvm_call_function(program, "identity", arguments, count, NULL);
    (void)data;
    *result = outcome.value;
    outcome.value = mdvm_empty();
    mdvm_free_outcome(&outcome);
    return 0;
}

static int no(void *data, const mdvm_value *arguments, size_t count, mdvm_value *result)
{
    (void)data, (void)arguments, (void)count, (void)result;
    return 1;
}

static int collect(void *data, const char *bytes, size_t size)
{
    (void)data;
    printf("<%.*s>", (int)size, bytes);
    return 0;
}

static int refuse(void *data, const char *bytes, size_t size)
{
    (void)data, (void)bytes, (void)size;
    return 1;
}

static void *end_soon(void *ended)
{
    usleep(100000);
    mdvm_end_run((int *)ended);
    return NULL;
}

static void *call_often(void *unused)
{
    long index, wrong = 0;
    for (index = 0; index < 2000; index++) {
        mdvm_value argument = mdvm_int(index);
        mdvm_outcome outcome = mdvm_call_function(program, "identity", &argument, 1, NULL);
        wrong += outcome.status != MDVM_DONE || outcome.value.number != index;
        mdvm_free_outcome(&outcome);
    }
    (void)unused;
    return (void *)wrong;
}

static mdvm_value nested(int depth)
{
    mdvm_value value = mdvm_int(7);
    for (; depth > 0; depth--)
        value = mdvm_array(&value, 1);
    return value;
}

static void identity(mdvm_value value)
{
    tell(mdvm_call_function(program, "identity", &value, 1, NULL));
    mdvm_free_value(&value);
}

int main(int argc, char **argv)
{
    char *error;
    int calls = 0, ended = 0;
    mdvm_options options;
    mdvm_host_function functions[3];
    const char *name = argc > 1 ? argv[1] : "";
    memset(&options, 0, sizeof options);
    functions[0].name = "twice", functions[0].call = twice, functions[0].data = &calls;
    functions[1].name = "around", functions[1].call = around, functions[1].data = NULL;
    functions[2].name = "no", functions[2].call = no, functions[2].data = NULL;
    program = mdvm_load(argv[2], &error);
    if (program == NULL) {
        printf("%s\n", error);
        free(error);
        return 1;
    }
    options.functions = functions;
    options.function_count = 3;
    if (strcmp(name, "values") == 0) {
        mdvm_value pair[4];
        identity(mdvm_empty());
        identity(mdvm_bool(5));
        identity(mdvm_int(INT64_MIN));
        identity(mdvm_float(-0.0));
        identity(mdvm_string("h\xc3\xa9"));
        identity(mdvm_array(NULL, 0));
        pair[0] = mdvm_int(1), pair[1] = mdvm_int(-5000000000);
        identity(mdvm_array(pair, 2));
        pair[0] = mdvm_float(0.5), pair[1] = mdvm_float(1e300);
        identity(mdvm_array(pair, 2));
        pair[0] = mdvm_string("k"), pair[1] = mdvm_int(INT64_MIN), pair[2] = mdvm_string(""), pair[3] = mdvm_array(NULL, 0);
        identity(mdvm_array(pair, 4));
        pair[0] = mdvm_string("x"), pair[1] = nested(3), pair[2] = mdvm_string("y"), pair[3] = mdvm_empty();
        pair[0] = mdvm_array(pair, 4);
        pair[0].kind = MDVM_DICT, pair[0].size = 2;
        pair[1] = mdvm_array(pair, 1);
        pair[0] = mdvm_string("x");
        identity(mdvm_array(pair, 2));
        identity(nested(400));
        identity(nested(700));
        identity(nested(2000));
    }
    else if (strcmp(name, "limits") == 0) {
        pthread_t thread;
        options.max_instructions = 1000;
        tell(mdvm_call_function(program, "endless", NULL, 0, &options));
        options.max_instructions = 0;
        options.timeout = 0.05;
        tell(mdvm_call_function(program, "endless", NULL, 0, &options));
        options.timeout = 0;
        options.max_memory = 10000000;
        tell(mdvm_call_function(program, "growing", NULL, 0, &options));
        options.max_memory = 0;
        options.ended = &ended;
        pthread_create(&thread, NULL, end_soon, &ended);
        tell(mdvm_call_function(program, "endless", NULL, 0, &options));
        pthread_join(thread, NULL);
        tell(mdvm_call_function(program, "endless", NULL, 0, &options));
        options.ended = NULL;
        options.max_depth = 10;
        tell(mdvm_call_function(program, "deep", NULL, 0, &options));
        options.max_depth = 0;
        options.max_output = 4;
        options.output = collect;
        tell(mdvm_call_function(program, "printing", NULL, 0, &options));
        options.max_output = 0;
        options.jit = "off";
        tell(mdvm_call_function(program, "printing", NULL, 0, &options));
        options.jit = "nothing=1";
        tell(mdvm_call_function(program, "printing", NULL, 0, &options));
        options.jit = NULL;
        options.output = refuse;
        tell(mdvm_call_function(program, "printing", NULL, 0, &options));
        tell(mdvm_call_function(program, "none", NULL, 0, &options));
    }
    else if (strcmp(name, "functions") == 0) {
        mdvm_value argument = mdvm_int(100000);
        tell(mdvm_call_function(program, "twice each", &argument, 1, &options));
        printf("%d calls\n", calls);
        tell(mdvm_call_function(program, "going around", &argument, 1, &options));
        tell(mdvm_call_function(program, "refused", &argument, 1, &options));
        tell(mdvm_call_function(program, "refused", &argument, 1, NULL));
    }
    else if (strcmp(name, "threads") == 0) {
        pthread_t threads[4];
        void *wrong, *all = NULL;
        int index;
        for (index = 0; index < 4; index++)
            pthread_create(&threads[index], NULL, call_often, NULL);
        for (index = 0; index < 4; index++) {
            pthread_join(threads[index], &wrong);
            all = (void *)((long)all + (long)wrong);
        }
        printf("%ld wrong\n", (long)all);
    }
    else
        tell(mdvm_run_program(program, NULL));
    mdvm_free_program(program);
    return 0;
}
