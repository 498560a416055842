/* The hash of strings: see keyed_hash.c. */
#ifndef MDVM_KEYED_HASH_H
#define MDVM_KEYED_HASH_H

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_LOCAL RPY_EXTERN
#else
#  define MDVM_LOCAL extern
#endif

MDVM_LOCAL long mdvm_hash(const char *bytes, long size);

#endif
