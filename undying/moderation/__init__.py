"""Decisions about works: what a moderator takes out of sight, and why."""
