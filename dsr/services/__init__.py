"""Use cases, in the officer's words; the only place that opens a transaction."""
