"""Lead sheets as plain text, in and out.

```
title: Sunday, Early
key: G major
tempo: 96
meter: 4/4
pickup: 1                     ; beats before the first full bar

[Verse = A]
| D7 |: Gmaj7   | Em7 A7  | Am7 / / D7 | %      |
       [1 Bm7b5 | E7(b9) :|[2 Gmaj7    | N.C. ||

Bridge:
| 3/4 Cmaj7 | F#m7b5@1 B7@2.5 | 4/4 Em | | // the last bar holds on
```

One cell is one bar. What stands in it shares its beats:

- Several chords share the bar evenly by felt beats; where that does not come out even, the earlier ones get one more:
  two chords in 4/4 get two beats each, three get 2 + 1 + 1, two in 3/4 get 2 + 1. More chords than felt beats share
  the units of the meter, then halves of them.
- `/` and `.` hold what sounds for one beat more. Then every chord and every mark is one felt beat, or one unit of the
  meter, or half of one: their number must fill the bar.
- `D7@2.5` enters at that beat of the ruler (the meter's lower number counts), fractions as in `D7@2+1/3`. A first chord
  without a place enters with the bar.
- An empty cell holds what sounds; `%` says the bar before it on paper once more; `N.C.` is silence.

`|: … :|` is played twice, `:| x3` three times; `[1` and `[2`, or `[1,3` and `[1-3`, begin endings, which reach to the
next repeat sign, double bar or heading. Repeats do not nest. A row ends its last cell; a cell never spans rows.

`[Verse]`, `Verse:` and `# Verse` begin a section, `[Verse = A]` labels it, `[]` ends one. `key:`, `tempo:` (quarter
notes a minute) and `meter:` speak of what follows them; a meter also stands at the start of a cell or alone on a line.
`pickup: 1` makes the first bar so many units of the meter long, `cut: 2` any other one. A semicolon begins a remark; so
do two slashes at the start of a line, and behind a row, heading or statement.
"""

from __future__ import annotations

from bridge.files.lead_sheet_text.reading import parse_chords, read_lead_sheet
from bridge.files.lead_sheet_text.sheet import LeadSheet
from bridge.files.lead_sheet_text.writing import write_lead_sheet

__all__ = ["LeadSheet", "parse_chords", "read_lead_sheet", "write_lead_sheet"]
