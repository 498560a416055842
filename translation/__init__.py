"""What targetmdvm.py changes in RPython itself: corrections of its JIT and its GC, and what it
lacks.

Python 2 only, and not in the wheel: the VM never imports this package.
"""
