"""The law and the office as data, and the book that reads it."""
