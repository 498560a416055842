"""The compiler: Machine Dialect source to bytecode."""
