"""Benchmarks: programs for the VM, the same in other languages, and what measures them side by
side.
"""
