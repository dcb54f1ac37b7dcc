"""Pure rules: no I/O, no tables, no terminal, no clock."""
