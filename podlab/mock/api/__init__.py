"""The Kubernetes API in process: from a request to a response or a stream, without sockets."""
