"""Passages in PostgreSQL with pgvector, so that an index that was built once serves all."""
