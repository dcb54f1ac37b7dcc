"""Typer: parse, call one service, show."""
