"""Slack: its listener, and replies as Slack shows them."""
