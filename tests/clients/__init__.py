"""The bot against programs that others wrote: run by `make test-clients`, not by `make test`."""
