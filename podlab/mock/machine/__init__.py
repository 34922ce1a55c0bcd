"""A simulated Linux: processes, descriptors, signals, files and a network, in memory and in simulated time.

Knows no Kubernetes.
"""
