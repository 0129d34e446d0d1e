"""Turns the library of texts into one searchable folder, and searches it."""
