"""Rows to table, JSON, JSON Lines or CSV; what strangers wrote is neutralised here."""
