"""One engine for all tests in this process: the native one where it is built, unless PYMDVM_ENGINE
says otherwise.
"""

from __future__ import annotations

import warnings

# The Python engine warns once that it is slow, which the tests know.
warnings.filterwarnings("ignore", message="there is no libmdvm here")
