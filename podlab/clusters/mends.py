"""What programs say when a cluster cannot be started, and how to mend it: a table."""

RAISE_INOTIFY = "`sudo sysctl fs.inotify.max_user_watches=524288 fs.inotify.max_user_instances=512`"
_GROUP = "add yourself to the group docker: `sudo usermod -aG docker $USER`, then log in anew"
_START = "start Docker: Docker Desktop, or `sudo systemctl start docker`"
_START_PODMAN = "start Podman: `podman machine start`, or on Linux `systemctl --user start podman.socket`"
_NETWORK = "check the network connection and the proxy (HTTPS_PROXY, NO_PROXY)"
_CPUS = "give Docker two processors at least (Settings, Resources)"
_MEMORY = "give Docker 2 GiB of memory at least (Settings, Resources)"
_ROOM = "make room: `docker system prune` (or `podman system prune`)"
_PORT = "another program has the port; stop it, or `docker ps` shows which container"
_ADDRESSES = "Docker has no addresses left for a network: `docker network prune`, or leave the VPN meanwhile"
_KUBELET = (
    "the node did not come up in time: close what takes memory and processors, make sure that there are cgroups version 2, "
    f"raise the limits on files ({RAISE_INOTIFY}), and try again"
)
_TRY_AGAIN = "it took too long: on a slow machine or network try again, what has been fetched is kept"
_DELETE = "make it anew: `podlab down --on minikube`, then `podlab up --on minikube`"

# (words in what was said, what to do): the first row that fits is used. minikube's words in capitals are ids of its errors.
MENDS = (
    ("permission denied while trying to connect to the docker", _GROUP),
    ("PROVIDER_DOCKER_NEWGRP", _GROUP),
    ("cannot connect to the docker daemon", _START),
    ("failed to connect to the docker api", _START),
    ("PROVIDER_DOCKER_NOT_RUNNING", _START),
    ("docker desktop is unable to start", "restart Docker Desktop; on Windows, `wsl --shutdown` first"),
    ("error during connect", "start Docker Desktop"),
    ("cannot connect to podman", _START_PODMAN),
    ("unable to connect to podman", _START_PODMAN),
    ("too many open files", f"raise the limits: {RAISE_INOTIFY}"),
    ("reached target .*multi-user system", f"raise the limits: {RAISE_INOTIFY}; or restart Docker"),
    ("no space left on device", _ROOM),
    ("RSRC_DOCKER_STORAGE", _ROOM),
    ("RSRC_PODMAN_STORAGE", _ROOM),
    ("RSRC_INSUFFICIENT_STORAGE", "make room on the disk; a cluster wants 6 GiB"),
    (
        "already exist for a cluster with the name",
        "podlab did not make it; if it is not needed: `kind delete cluster --name podlab`",
    ),
    ("port is already allocated", _PORT),
    ("address already in use", _PORT),
    (
        "forbidden by its access permissions",
        "Windows keeps the port for itself: `net stop winnat`, then `net start winnat`, as administrator",
    ),
    ("non-overlapping ipv4 address pool", _ADDRESSES),
    ("address pools have been fully subnetted", _ADDRESSES),
    ("no free private network subnets", _ADDRESSES),
    ("RSRC_INSUFFICIENT_CORES", _CPUS),
    ("RSRC_DOCKER_CORES", _CPUS),
    ("RSRC_INSUFFICIENT_CONTAINER_MEMORY", _MEMORY),
    ("RSRC_DOCKER_MEMORY", _MEMORY),
    ("RSRC_INSUFFICIENT_SYS_MEMORY", "close what takes memory; a cluster wants 2 GiB"),
    ("RSRC_INSUFFICIENT_REQ_MEMORY", "`minikube config unset memory`: what is set there is too little"),
    ("DRV_NOT_DETECTED", "install Docker or Podman, and start it"),
    ("PROVIDER_NOT_FOUND", "install Docker or Podman, and start it"),
    ("DRV_AS_ROOT", "minikube does not run as root with Docker: use an ordinary user"),
    ("DRV_NEEDS_ADMINISTRATOR", "start the terminal as administrator, or Docker, which needs no administrator"),
    ("DRV_UNSUPPORTED_OS", "choose another: `podlab up` needs nothing installed"),
    ("MK_WRONG_BINARY_WSL", "install minikube for Linux in WSL; this one is for Windows"),
    ("HOST_HOME_PERMISSION", "`sudo chown -R $USER ~/.minikube; chmod -R u+wrx ~/.minikube`"),
    ("GUEST_DRIVER_MISMATCH", _DELETE),
    ("DRV_CP_ENDPOINT", _DELETE),
    ("toomanyrequests", "the image registry limits anonymous pulls: wait an hour, or `docker login`"),
    ("INET_", _NETWORK),
    ("tls handshake timeout", _NETWORK),
    ("x509: certificate signed by unknown authority", "a proxy opens TLS here: give its certificate to Docker, and restart it"),
    ("no such host", "check the network connection"),
    ("i/o timeout", _NETWORK),
    ("proxyconnect", _NETWORK),
    ("exec format error", "the image is for another processor: `unset DOCKER_DEFAULT_PLATFORM`"),
    ("does not match the specified platform", "the image is for another processor: `unset DOCKER_DEFAULT_PLATFORM`"),
    ("failed to pull image", "check the network connection: the node's image has to be fetched once"),
    ("K8S_KUBELET_NOT_RUNNING", _KUBELET),
    ("kubelet isn't running or healthy", _KUBELET),
    ("kubelet is not healthy", _KUBELET),
    ("kubelet is not running", _KUBELET),
    (
        "failed to init node with kubeadm",
        "give Docker more memory (2 GiB at least), or restart it; `docker system prune` if the disk is full",
    ),
    ("rootless provider requires", "with rootless engines see kind.sigs.k8s.io/docs/user/rootless"),
    ("context deadline exceeded", _TRY_AGAIN),
    ("timed out waiting for the condition", _TRY_AGAIN),
    ("cgroup", "Kubernetes wants cgroups version 2: update the system, or boot with `systemd.unified_cgroup_hierarchy=1`"),
)


def mend_for(said: str) -> str:
    """What to do about what a program said; empty if the table does not know."""
    lower = said.lower()
    return next((mend for words, mend in MENDS if words.lower() in lower), "")
