"""The page for trying the assistant on one's own computer."""
