"""Starting, stopping and finding clusters: the mock, kind and minikube, and any other context that a user names.

What podlab starts lives in its own home (`home`): kubeconfigs, state, logs. The user's own kubeconfig is read, never
written, and its current context is never taken by accident. Nothing here imports the `kubernetes` package: starting the
mock is quick.
"""
