"""Around works: what readers say."""
