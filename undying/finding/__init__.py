"""Search, filters and counts."""
