"""The container runtime (containerd, as the kubelet sees it through the CRI): sandboxes, containers, logs.

Knows no pods but their names.
"""
