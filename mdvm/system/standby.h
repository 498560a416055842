/* What the main thread of mdvm-c does while the VM runs in another: see os_support.c. */
#ifndef MDVM_STANDBY_H
#define MDVM_STANDBY_H

#include <pthread.h>
#include <signal.h>
#include "linkage.h"

MDVM_EXPORTED void mdvm_block_signals(sigset_t *waited);
MDVM_EXPORTED void mdvm_stand_by(pthread_t thread, const sigset_t *waited);

#endif
