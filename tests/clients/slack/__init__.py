"""The bot on Slack, against a workspace that others wrote: npm `emulate`."""
