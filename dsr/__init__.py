"""Data-subject requests at the terminal, from the first e-mail to the last proof."""

__version__ = "0.4.0"
