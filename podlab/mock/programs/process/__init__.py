"""Applets on processes: starting, listing, signalling, waiting."""
