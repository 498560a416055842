/* What a fork's child gets of an embedded VM: see forks.c. */
#ifndef MDVM_FORKS_H
#define MDVM_FORKS_H

void mdvm_prepare_forks(void (*in_child)(void));
int mdvm_is_forking(void);
void mdvm_wait_for_fork(void);
void mdvm_stand_still(void);

#endif
