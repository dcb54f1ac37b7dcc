"""The copy that a person gets: JSON, CSV, HTML, manifest, encryption."""
