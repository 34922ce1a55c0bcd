"""Applets on files and directories: listing, copying, removing, owners and permissions."""
