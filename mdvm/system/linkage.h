/* Who finds a function of the VM's C code.

   MDVM_OWN: the VM. In a translation RPython says how; without RPython it is like any other function.
   MDVM_EXPORTED: an embedding process and a launcher outside of the library, too. */
#ifndef MDVM_LINKAGE_H
#define MDVM_LINKAGE_H

#if defined(__GNUC__)
#  define MDVM_EXPORTED extern __attribute__((visibility("default")))
#else
#  define MDVM_EXPORTED extern
#endif

#if defined(__GNUC__) && defined(RPY_EXTERN) && defined(RPY_EXPORTED)
#  define MDVM_OWN RPY_EXTERN
#elif defined(RPY_EXTERN)
/* Compiled for a test that calls the function in a library, without RPython's headers. */
#  define MDVM_OWN MDVM_EXPORTED
#else
#  define MDVM_OWN extern
#endif

#endif
