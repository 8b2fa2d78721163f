"""Plumbing that knows no story: settings, the clock, refusals, the ledger of changes, the byte store."""
