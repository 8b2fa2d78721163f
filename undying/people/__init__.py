"""Who: accounts, pen names, and the Viewer that every read asks on behalf of."""
