"""Texts brought in by the command: sources added, looked at, removed; what texts are confirmed."""
