"""The REPL, `mdvm repl`: `session` compiles and runs inputs, `shell` talks to the person, the rest
serves the two.
"""
