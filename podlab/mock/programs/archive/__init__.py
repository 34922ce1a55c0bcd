"""Applets that pack, compress and encode."""
