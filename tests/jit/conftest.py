"""Makes the VM and the real rpython importable, whatever folder pytest is started in."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
