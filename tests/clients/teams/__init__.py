"""The bot in Microsoft's 365 Agents Playground, as officers meet it in Teams."""
