"""Teams: its listener, and replies as Teams shows them."""
