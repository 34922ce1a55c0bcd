"""Editors and pagers: what a user works with on a terminal, ed among them for scripts."""
