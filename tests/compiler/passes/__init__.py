"""Tests of each pass on MIR text."""
