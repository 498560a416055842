"""The functions of os_support.c, for the modules that have a use for them."""

import os

from mdvm.system.have_rpython import HAVE_RPYTHON

if HAVE_RPYTHON:
    from rpython.rtyper.lltypesystem import rffi
    from rpython.translator.tool.cbuild import ExternalCompilationInfo

    _HERE = os.path.dirname(os.path.abspath(__file__))
    _os_support = ExternalCompilationInfo(
        includes=["os_support.h"],
        include_dirs=[_HERE],
        separate_module_files=[os.path.join(_HERE, "os_support.c")],
    )

    def os_function(name, arguments, result):
        return rffi.llexternal(
            name, arguments, result, compilation_info=_os_support, releasegil=False
        )
