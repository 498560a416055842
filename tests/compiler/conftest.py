"""The Python engine warns once that it is slow, which the tests know."""

from __future__ import annotations

import warnings

warnings.filterwarnings("ignore", message="there is no libmdvm here")
