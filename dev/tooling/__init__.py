"""The commands of `make`: set-up, server, tests and lint of this addon."""
