"""A Kubernetes that lives in one Python process, runs containers in a simulated Linux, and keeps simulated time.

Nothing in here imports the rest of podlab. `docs/architecture.md` says how its rooms meet.
"""
