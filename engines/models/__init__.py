"""Model packages: their cards, what is in their files, who runs them, and how a choice is drawn from what they say."""
