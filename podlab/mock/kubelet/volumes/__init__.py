"""Volumes: what is mounted into a pod's containers, and how its content comes there."""
