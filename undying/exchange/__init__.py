"""Jobs that move stories in and out, and their bookkeeping."""
