"""Pagers: less and more."""
