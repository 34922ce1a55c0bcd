"""Editors: ed by commands, vi on the whole screen."""
