"""What `make` runs: set-up, server, tests and lint of this addon."""
