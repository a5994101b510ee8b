"""From a lead sheet to a whole-song piano part: phrases of other music, put on the chords of this one."""
