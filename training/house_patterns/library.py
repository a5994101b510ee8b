"""All house patterns, in the order in which they are listed."""

from __future__ import annotations

from training.house_patterns.ballads import BALLADS
from training.house_patterns.broad import BROAD
from training.house_patterns.dances import DANCES
from training.house_patterns.jazz import JAZZ
from training.house_patterns.latin import LATIN
from training.house_patterns.modern import MODERN
from training.house_patterns.notation import Pattern
from training.house_patterns.pop import POP
from training.house_patterns.roots import ROOTS
from training.house_patterns.soul import SOUL
from training.house_patterns.twelve import TWELVE
from training.house_patterns.uneven import UNEVEN

PATTERNS: tuple[Pattern, ...] = (
    *BALLADS,
    *TWELVE,
    *POP,
    *SOUL,
    *LATIN,
    *JAZZ,
    *ROOTS,
    *DANCES,
    *MODERN,
    *BROAD,
    *UNEVEN,
)
