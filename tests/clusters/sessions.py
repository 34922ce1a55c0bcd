"""What the real programs say, from their documentation and issue trackers."""

import json

KUBECONFIG = """\
apiVersion: v1
kind: Config
clusters:
- name: kind-podlab
  cluster: {{server: {server}}}
contexts:
- name: kind-podlab
  context: {{cluster: kind-podlab, user: kind-podlab}}
current-context: kind-podlab
users:
- name: kind-podlab
  user: {{}}
"""

DOCKER_INFO = {
    "ServerVersion": "28.2.2",
    "NCPU": 8,
    "MemTotal": 16_493_830_144,
    "CgroupVersion": "2",
    "SecurityOptions": ["name=seccomp,profile=builtin"],
}
PODMAN_INFO = {
    "host": {"cpus": 8, "memTotal": 16_493_830_144, "cgroupVersion": "v2", "security": {"rootless": True}},
    "version": {"Version": "5.4.0"},
}
NO_DAEMON = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
NO_DAEMON_29 = (
    "failed to connect to the docker API at unix:///var/run/docker.sock; check if the path is correct and if the daemon is running: "
    "dial unix /var/run/docker.sock: connect: no such file or directory"
)
NO_PERMISSION_29 = "permission denied while trying to connect to the docker API at unix:///var/run/docker.sock"
NO_DESKTOP = (
    "error during connect: this error may indicate that the docker daemon is not running: "
    'Get "http://%2F%2F.%2Fpipe%2Fdocker_engine/v1.24/info": open //./pipe/docker_engine: The system cannot find the file specified.'
)
NO_PODMAN = (
    "Cannot connect to Podman. Please verify your connection to the Linux system using `podman system connection list`, "
    "or try `podman machine init` and `podman machine start` to manage a new Linux VM"
)
NO_PERMISSION = (
    "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: "
    'Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.47/info": dial unix /var/run/docker.sock: connect: permission denied'
)

KIND_CREATED = """\
Creating cluster "podlab" ...
 • Ensuring node image (kindest/node:v1.36.1) 🖼  ...
 ✓ Ensuring node image (kindest/node:v1.36.1) 🖼
 • Preparing nodes 📦   ...
 ✓ Preparing nodes 📦
 ✓ Writing configuration 📜
 ✓ Starting control-plane 🕹️
 ✓ Installing CNI 🔌
 ✓ Installing StorageClass 💾
 ✓ Waiting ≤ 3m0s for control-plane = Ready ⏳
 • Ready after 17s 💚
Set kubectl context to "kind-podlab"
You can now use your cluster with:

kubectl cluster-info --context kind-podlab --kubeconfig /somewhere

Have a nice day! 👋
"""
KIND_NO_LOG_LINE = """\
Creating cluster "podlab" ...
 ✓ Ensuring node image (kindest/node:v1.36.1) 🖼
 ✗ Preparing nodes 📦
Deleted nodes: ["podlab-control-plane"]
ERROR: failed to create cluster: could not find a log line that matches "Reached target .*Multi-User System.*|detected cgroup v1"
Stack Trace:
sigs.k8s.io/kind/pkg/errors.Errorf
\tsigs.k8s.io/kind/pkg/errors/errors.go:41
"""
KIND_EXISTS = 'ERROR: failed to create cluster: node(s) already exist for a cluster with the name "podlab"\n'
KIND_DISK_FULL = """\
Creating cluster "podlab" ...
 ✗ Ensuring node image (kindest/node:v1.36.1) 🖼
ERROR: failed to create cluster: failed to pull image "kindest/node:v1.36.1": command "docker pull kindest/node:v1.36.1" failed with error: exit status 1
Command Output: failed to register layer: write /usr/bin/containerd: no space left on device
"""

KIND_KUBEADM = """\
Creating cluster "podlab" ...
 ✓ Preparing nodes 📦
 ✗ Starting control-plane 🕹️
Deleted nodes: ["podlab-control-plane"]
ERROR: failed to create cluster: failed to init node with kubeadm: command "docker exec --privileged podlab-control-plane kubeadm init --config=/kind/kubeadm.conf --skip-token-print --v=6" failed with error: exit status 1
"""
KIND_RATE_LIMIT = """\
ERROR: failed to create cluster: failed to pull image "kindest/node:v1.36.1": command "docker pull kindest/node:v1.36.1" failed with error: exit status 1
Command Output: Error response from daemon: toomanyrequests: You have reached your unauthenticated pull rate limit. https://www.docker.com/increase-rate-limit
"""
KIND_OFFLINE = """\
ERROR: failed to create cluster: failed to pull image "kindest/node:v1.36.1": command "docker pull kindest/node:v1.36.1" failed with error: exit status 1
Command Output: Error response from daemon: Get "https://registry-1.docker.io/v2/": dial tcp: lookup registry-1.docker.io: no such host
"""
KIND_PORT = """\
ERROR: failed to create cluster: command "docker run --name podlab-control-plane" failed with error: exit status 125
Command Output: docker: Error response from daemon: driver failed programming external connectivity on endpoint podlab-control-plane: Bind for 127.0.0.1:41123 failed: port is already allocated.
"""
KIND_ROOTLESS = """\
ERROR: failed to create cluster: running kind with rootless provider requires setting systemd property "Delegate=yes", see https://kind.sigs.k8s.io/docs/user/rootless/
"""

KIND_NO_ADDRESSES = """\
ERROR: failed to create cluster: failed to ensure docker network: command "docker network create -d=bridge -o com.docker.network.bridge.enable_ip_masquerade=true -o com.docker.network.driver.mtu=1500 --ipv6 --subnet fc00:f853:ccd:e793::/64 kind" failed with error: exit status 1
Command Output: Error response from daemon: could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network
"""
KIND_KUBELET = """\
Creating cluster "podlab" ...
 ✓ Preparing nodes 📦
 ✗ Starting control-plane 🕹️
Deleted nodes: ["podlab-control-plane"]
ERROR: failed to create cluster: failed to init node with kubeadm: command "docker exec --privileged podlab-control-plane kubeadm init --config=/kind/kubeadm.conf --skip-token-print --v=6" failed with error: exit status 1
Command Output: [kubelet-check] It seems like the kubelet isn't running or healthy.
[kubelet-check] The HTTP call equal to 'curl -sSL http://localhost:10248/healthz' failed with error: Get "http://localhost:10248/healthz": dial tcp [::1]:10248: connect: connection refused.

Unfortunately, an error has occurred:
\ttimed out waiting for the condition

This error is likely caused by:
\t- The kubelet is not running
\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)
"""
KIND_INOTIFY = """\
ERROR: failed to create cluster: failed to init node with kubeadm: command "podman exec --privileged podlab-control-plane kubeadm init" failed with error: exit status 1
Command Output: Failed to create inotify object: Too many open files
"""
KIND_WINDOWS_PORT = """\
ERROR: failed to create cluster: command "docker run --name podlab-control-plane" failed with error: exit status 125
Command Output: docker: Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:50343 -> 0.0.0.0:0: listen tcp 127.0.0.1:50343: bind: An attempt was made to access a socket in a way forbidden by its access permissions.
"""
KIND_PROXY_TLS = """\
ERROR: failed to create cluster: failed to pull image "kindest/node:v1.36.1": command "docker pull kindest/node:v1.36.1" failed with error: exit status 1
Command Output: Error response from daemon: Get "https://registry-1.docker.io/v2/": tls: failed to verify certificate: x509: certificate signed by unknown authority
"""
KIND_PROXY = """\
ERROR: failed to create cluster: failed to pull image "kindest/node:v1.36.1": command "docker pull kindest/node:v1.36.1" failed with error: exit status 1
Command Output: Error response from daemon: Get "https://registry-1.docker.io/v2/": proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused
"""
KIND_PLATFORM = """\
ERROR: failed to create cluster: command "docker run --name podlab-control-plane" failed with error: exit status 125
Command Output: docker: Error response from daemon: image with reference kindest/node:v1.36.1 was found but does not match the specified platform: wanted linux/amd64, actual: linux/arm64
"""
KIND_SLOW = """\
ERROR: failed to create cluster: failed to remove control plane taint: command "docker exec --privileged podlab-control-plane kubectl --kubeconfig=/etc/kubernetes/admin.conf taint nodes --all" failed with error: context deadline exceeded
"""
KIND_NO_DIGEST = """\
Image: "docker.io/library/busybox:1.37" with ID "sha256:1827167fde90" not yet present on node "podlab-control-plane", loading...
ERROR: failed to load image: command "docker exec --privileged -i podlab-control-plane ctr --namespace=k8s.io images import --all-platforms --digests --snapshotter=overlayfs -" failed with error: exit status 1
Command Output: ctr: content digest sha256:9106d83981393d7489c50e7cfa87a9d30b78444420c22931094256e55f9d0e5f: not found
"""
KIND_IN_PART = """\
ERROR: failed to get cluster internal kubeconfig: command "docker exec --privileged podlab-control-plane cat /etc/kubernetes/admin.conf" failed with error: exit status 1
Command Output: cat: /etc/kubernetes/admin.conf: No such file or directory
"""


def event(kind: str, **data: str) -> str:
    """One of minikube's JSON lines."""
    return json.dumps(
        {
            "specversion": "1.0",
            "id": "d647f0cf-3243-4001-a998-a2133391e6fe",
            "source": "https://minikube.sigs.k8s.io/",
            "type": f"io.k8s.sigs.minikube.{kind}",
            "datacontenttype": "application/json",
            "data": data,
        }
    )


MINIKUBE_STARTED = "\n".join(
    [
        event(
            "step",
            currentstep="0",
            message="[podlab] minikube v1.38.0 on Debian 12.12",
            name="Initial Minikube Setup",
            totalsteps="19",
        ),
        event(
            "step",
            currentstep="1",
            message="Using the docker driver based on user configuration",
            name="Selecting Driver",
            totalsteps="19",
        ),
        event("info", message="Using Docker driver with root privileges"),
        event(
            "step",
            currentstep="3",
            message='Starting "podlab" primary control-plane node in "podlab" cluster',
            name="Starting Node",
            totalsteps="19",
        ),
        event(
            "step",
            currentstep="19",
            message='Done! kubectl is now configured to use "podlab" cluster',
            name="Done",
            totalsteps="19",
        ),
    ]
)
MINIKUBE_NO_DOCKER = "\n".join(
    [
        event(
            "step",
            currentstep="0",
            message="[podlab] minikube v1.38.0 on Ubuntu 24.04",
            name="Initial Minikube Setup",
            totalsteps="19",
        ),
        event(
            "error",
            advice="Start the Docker service",
            exitcode="69",
            issues="",
            message=f'"docker version --format <no value>-<no value>:<no value>" exit status 1: {NO_DAEMON}',
            name="PROVIDER_DOCKER_NOT_RUNNING",
            url="https://minikube.sigs.k8s.io/docs/drivers/docker/",
        ),
    ]
)
MINIKUBE_CORES = event(
    "error",
    advice="",
    exitcode="29",
    message="Docker has less than 2 CPUs available, but Kubernetes requires at least 2 to be available",
    name="RSRC_INSUFFICIENT_CORES",
    url="https://docs.docker.com/docker-for-mac/#resources",
)
MINIKUBE_KUBELET = event(
    "error",
    advice="Check output of 'journalctl -xeu kubelet', try passing --extra-config=kubelet.cgroup-driver=systemd to minikube start",
    exitcode="109",
    message='wait: sudo /bin/bash -c "kubeadm init": Process exited with status 1\nstderr:\n'
    "\t- The kubelet is unhealthy due to a misconfiguration of the node in some way (required cgroups disabled)",
    name="K8S_KUBELET_NOT_RUNNING",
    url="https://github.com/kubernetes/minikube/issues/4172",
)
MINIKUBE_DESKTOP_MEMORY = event(
    "error",
    advice='1. Open the "Docker Desktop" menu by clicking the Docker icon in the system tray',
    exitcode="23",
    message="Docker Desktop has only 1024MiB available, you may encounter application deployment failures",
    name="RSRC_DOCKER_MEMORY",
    url="https://docs.docker.com/docker-for-windows/#resources",
)
MINIKUBE_OFFLINE = event(
    "error",
    advice="",
    exitcode="40",
    message="Unable to fetch latest version info: dial tcp: lookup storage.googleapis.com",
    name="INET_GET_VERSIONS",
)
MINIKUBE_OTHER_DRIVER = event(
    "error",
    advice="",
    exitcode="58",
    message='The existing "podlab" cluster was created using the "docker" driver, which is incompatible with requested "podman" driver.',
    name="GUEST_DRIVER_MISMATCH",
)
MINIKUBE_NO_ADDRESSES = event(
    "error",
    advice="",
    exitcode="80",
    message="error provisioning guest: Failed to start host: creating host: create: creating: setting up container node: "
    "creating network: un-retryable: no free private network subnets found with given parameters",
    name="GUEST_PROVISION",
)
MINIKUBE_ROOT = event(
    "error", advice="", exitcode="57", message='The "docker" driver should not be used with root privileges.', name="DRV_AS_ROOT"
)
MINIKUBE_ODD = event(
    "error",
    advice="Turn it off and on again.",
    exitcode="80",
    message="something new",
    name="GUEST_ODDITY",
    url="https://minikube.sigs.k8s.io",
)
