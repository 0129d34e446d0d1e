"""The assistant: answers officers' questions where they talk."""
