"""The database backend for SQLite (`ENGINE`): Django's, but for how a transaction waits for its turn."""
