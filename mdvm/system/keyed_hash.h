/* The hash of strings: see keyed_hash.c. */
#ifndef MDVM_KEYED_HASH_H
#define MDVM_KEYED_HASH_H

#include "linkage.h"

MDVM_OWN long mdvm_hash(const char *bytes, long size);

#endif
