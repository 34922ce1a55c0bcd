"""Applets that read and write text, a line or a character at a time."""
