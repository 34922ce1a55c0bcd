"""Probes: is a container up, alive, ready? Results change its readiness, or have it restarted."""
