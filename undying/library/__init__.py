"""What: works, chapters, series, their creators, tags and places in canon."""
