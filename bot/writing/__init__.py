"""Answers worded by a language model, where one is configured, and held against the passages."""
