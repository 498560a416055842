"""mdvm against the published VM: the same files on both, and what they print and return
compared.
"""
