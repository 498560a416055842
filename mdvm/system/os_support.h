/* What the VM needs of the operating system below the level of RPython: see os_support.c. */
#ifndef MDVM_OS_SUPPORT_H
#define MDVM_OS_SUPPORT_H

#include "linkage.h"

MDVM_OWN void mdvm_start_output(void);
MDVM_OWN long mdvm_write_output(const char *bytes, long size, long is_line);
MDVM_OWN long mdvm_flush_output(void);
MDVM_OWN void mdvm_limit_time(double seconds);
MDVM_OWN long mdvm_read_file(const char *path);
MDVM_OWN char *mdvm_file_bytes(void);
MDVM_OWN void mdvm_forget_file(void);
MDVM_OWN long mdvm_stamp_file(const char *path);
MDVM_OWN long mdvm_stamp(long which);

#endif
