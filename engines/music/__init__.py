"""The domain that everyone shares: time, notes, songs, harmony, edits. Standard library only."""
