"""What starting and ending costs."""

import sys

print(int(sys.argv[1]))
