/* What the VM needs of the operating system below the level of RPython: see os_support.c. */
#ifndef MDVM_OS_SUPPORT_H
#define MDVM_OS_SUPPORT_H

#if defined(__GNUC__) && defined(RPY_EXTERN)
#  define MDVM_LOCAL RPY_EXTERN
#else
#  define MDVM_LOCAL extern
#endif

MDVM_LOCAL void mdvm_start_output(void);
MDVM_LOCAL long mdvm_write_output(const char *bytes, long size, long is_line);
MDVM_LOCAL long mdvm_flush_output(void);
MDVM_LOCAL void mdvm_limit_time(double seconds);
MDVM_LOCAL long mdvm_read_file(const char *path);
MDVM_LOCAL char *mdvm_file_bytes(void);
MDVM_LOCAL void mdvm_forget_file(void);
MDVM_LOCAL long mdvm_stamp_file(const char *path);
MDVM_LOCAL long mdvm_stamp(long which);

#endif
