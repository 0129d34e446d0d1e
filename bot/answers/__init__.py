"""Answering: a question read, its evidence found in the index, quoted with sources."""
