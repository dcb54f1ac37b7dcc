"""SQLModel tables, one module an aggregate. Readers import what they need; writers take `all`."""
