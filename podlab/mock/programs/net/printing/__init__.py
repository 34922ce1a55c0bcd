"""Printing: sending jobs to a queue, and taking them."""
