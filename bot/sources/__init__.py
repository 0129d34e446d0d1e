"""The texts that communities bring in: found, fetched, read, described, and kept up to date."""
