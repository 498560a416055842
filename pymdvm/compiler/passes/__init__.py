"""The passes over MIR, one module each; `manager` runs those of a level in their order."""
