"""Whatever arrives becomes a Message; a Message becomes requests."""
