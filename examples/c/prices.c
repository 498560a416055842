/* A program in Machine Dialect bytecode that calls a function of this one, with limits:

       python3 -m pymdvm.assembler examples/c/total.mdasm -o total.mdbc
       cc examples/c/prices.c -Iinclude -L. -lmdvm -Wl,-rpath,. -o prices
       ./prices total.mdbc apple pear apple */
#define MDVM_IMPLEMENTATION
#include "mdvm.h"
#include <stdio.h>

/* price("apple") */
static int price(void *data, const mdvm_value *arguments, size_t count, mdvm_value *result)
{
    (void)data;
    if (count != 1 || arguments[0].kind != MDVM_STRING)
        return 1;
    *result = mdvm_int(strcmp(arguments[0].bytes, "apple") == 0 ? 30 : 45);
    return 0;
}

int main(int argc, char **argv)
{
    mdvm_host_function functions[] = {{"price", price, NULL}};
    mdvm_options options;
    mdvm_value names[100], basket;
    mdvm_outcome outcome;
    mdvm_program *program;
    char *error;
    int index, count = argc - 2 < 100 ? argc - 2 : 100;
    if (argc < 2) {
        fprintf(stderr, "usage: prices PROGRAM [NAME ...]\n");
        return 2;
    }
    program = mdvm_load(argv[1], &error);
    if (program == NULL) {
        fprintf(stderr, "%s\n", error);
        free(error);
        return 1;
    }
    memset(&options, 0, sizeof options);
    options.timeout = 1.0;
    options.max_memory = 100000000;
    options.functions = functions;
    options.function_count = 1;
    for (index = 0; index < count; index++)
        names[index] = mdvm_string(argv[index + 2]);
    basket = mdvm_array(names, (size_t)count);
    outcome = mdvm_call_function(program, "total", &basket, 1, &options);
    mdvm_free_value(&basket);
    if (outcome.status == MDVM_DONE && outcome.value.kind == MDVM_INT)
        printf("%lld\n", (long long)outcome.value.number);
    else
        fprintf(stderr, "%s\n", outcome.error != NULL ? outcome.error : "no number came back");
    index = outcome.status != MDVM_DONE;
    mdvm_free_outcome(&outcome);
    mdvm_free_program(program);
    return index;
}
