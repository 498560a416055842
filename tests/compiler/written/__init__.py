"""Random programs as people write them: documents in varied phrasing, each with the same program in
Python, which says what it has to do.

The two are made side by side, word for word; nothing of the compiler has a part in it.
"""
