"""Filler words: those that mean nothing wherever they stand, unless they are part of a keyword."""

from __future__ import annotations

# Dropped without a word.
_SILENT = """
a an the this that these those is are was were be been being of it its will would should can
could do does did have had just now so then there here to
"""

# These mean something to whoever has written them, so that dropping one is worth a warning.
_MEANINGFUL = """
about above after again against ain all am and any aren aren't as at because before below
between both but by couldn couldn't d didn didn't doesn doesn't doing don don't down during
each few for from further hadn hadn't has hasn hasn't haven haven't having he he'd he'll he's
her here's hers herself him himself his how how's i i'd i'll i'm i've if in into isn isn't it'd
it'll it's itself ll m ma me mightn mightn't more most mustn mustn't my myself needn needn't no
nor not o off on once only or other ought our ours ourselves out over own re s same shan shan't
she she'd she'll she's should've shouldn shouldn't some such t than that'll that's their theirs
them themselves there's they they'd they'll they're they've through too under until up ve very
wasn wasn't we we'd we'll we're we've weren weren't what what's when when's where where's which
while who who's whom why why's with won won't wouldn wouldn't you you'd you'll you're you've
your yours yourself yourselves
"""

MEANINGFUL = frozenset(_MEANINGFUL.split())
FILLERS = MEANINGFUL | frozenset(_SILENT.split())
