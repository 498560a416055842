"""The interpreter without the JIT: numbers and bools without boxes, in windows of their own."""
