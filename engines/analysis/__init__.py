"""What a piece is made of: key, chords, roles, lead sheet, phrases."""
