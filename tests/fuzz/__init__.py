"""Random programs and damaged files against the built VM, judged by an evaluator of its own.
docs/testing.md is the guide.
"""
