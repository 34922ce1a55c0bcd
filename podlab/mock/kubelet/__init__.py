"""The kubelet: the one place where pods meet processes.

kubelet        what happens on the node: pods come and go, events reach their workers
pod_workers    one worker a pod: syncing, terminating, terminated
pleg           what the runtime reports, once a second, and at once after a pod was changed
sync           what a worker does: volumes, sandbox, containers
actions        which containers to start and to kill (no effects)
starting       one container: image, configuration, creation, start, hook
killing        ending containers in order, with hooks and grace
runtime/       the container runtime: sandboxes, containers, their logs
volumes/       what is mounted into containers
probes/        startup, readiness and liveness
status/        a pod's status, and how it reaches the API
agent          logs, exec, attach, port-forward for the API server
"""
