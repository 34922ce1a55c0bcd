"""The images that the course uses: loaded ahead into clusters of podlab's own, so that a lesson does not wait for a download.

With the registry before their names, as containerd keeps them: Podman does not guess it.
"""

COURSE = ("docker.io/library/busybox:1.37", "docker.io/envoyproxy/envoy:v1.36-latest")
