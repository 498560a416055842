"""What can be told about a program without running it: listings, cross references, control flow,
summaries, findings.
"""
