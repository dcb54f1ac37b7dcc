"""Letters from templates; a missing field is an error before anything is stored."""
