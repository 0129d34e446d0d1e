"""Slack and Teams played on this computer, for measuring and for tests."""
