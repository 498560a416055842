"""MIR, the compiler's middle form: basic blocks of three-address instructions in SSA form.

`model` has the data types and what must hold of them, `effects` what each instruction may do,
`printing` and `parsing` the written form, `checker` the proof that a module is well formed,
`dominators` the tree that the proof and the passes need.
"""
