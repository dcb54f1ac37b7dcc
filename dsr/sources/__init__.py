"""The company's systems: found, and copied from."""
