"""Custom resources: their definitions become resources of the server, their schemas prune, default and validate their objects."""
