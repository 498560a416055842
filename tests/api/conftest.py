"""One engine for all tests of a run, the one that PYMDVM_ENGINE chooses.  `make test` runs them on
both.
"""

from __future__ import annotations

import warnings

# The Python engine warns once that it is slow, which the tests know.
warnings.filterwarnings("ignore", message="there is no libmdvm here")
