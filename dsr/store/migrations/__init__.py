"""Alembic scripts, oldest first; each leaves every row where it was."""
