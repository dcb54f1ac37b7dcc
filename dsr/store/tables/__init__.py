"""SQLModel tables, one module an aggregate."""
