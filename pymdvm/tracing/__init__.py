"""What the JIT made of a program: its log, recorded, read and counted."""
