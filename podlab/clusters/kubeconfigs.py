"""Kubeconfig files: where the user's are, what their contexts lead to, whether a server answers. Read, never written."""

import base64
import os
import ssl
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from podlab.errors import ClusterError


def kubeconfig_paths() -> list[Path]:
    """The user's kubeconfig files, by kubectl's rules."""
    chosen = os.environ.get("KUBECONFIG")
    if chosen:
        return [Path(part).expanduser() for part in chosen.split(os.pathsep) if part]
    return [Path.home() / ".kube" / "config"]


def find(context: str) -> tuple[Path, str]:
    """The kubeconfig file that has a context, and the URL of its server.

    Raises:
        ClusterError: none has; lists the names that there are.
    """
    names = []
    for path in kubeconfig_paths():
        config = read(path)
        for entry in config.get("contexts") or []:
            names.append(str(entry.get("name")))
            if entry.get("name") == context:
                return path, server_of(config, entry)
    there = ", ".join(names) or "none"
    raise ClusterError(
        f"Your kubeconfig has no context {context!r}. It has: {there}.",
        "choose one of these, or `mock`, `kind`, `minikube`, `kubeconfig:PATH`.",
    )


def read(path: Path) -> dict[str, Any]:
    """A kubeconfig as a dict; empty if there is no such file.

    Raises:
        ClusterError: the file is not a kubeconfig.
    """
    import yaml

    try:
        config = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise ClusterError(f"Cannot read the kubeconfig {path}: {error}") from None
    if not isinstance(config, dict):
        raise ClusterError(f"{path} is not a kubeconfig.")
    return config


def server_of(config: dict[str, Any], context: dict[str, Any]) -> str:
    """The URL of the API server that a context leads to."""
    return str(_cluster(config, context).get("server") or "")


def _cluster(config: dict[str, Any], context: dict[str, Any]) -> dict[str, Any]:
    name = (context.get("context") or {}).get("cluster")
    return next((entry.get("cluster") or {} for entry in config.get("clusters") or [] if entry.get("name") == name), {})


def _tls(path: Path, config: dict[str, Any], context: dict[str, Any]) -> ssl.SSLContext:
    cluster = _cluster(config, context)
    data, file = cluster.get("certificate-authority-data"), cluster.get("certificate-authority")
    made = ssl.create_default_context(
        cadata=base64.b64decode(data).decode() if data else None, cafile=str(path.parent / file) if file and not data else None
    )
    if cluster.get("insecure-skip-tls-verify"):
        made.check_hostname, made.verify_mode = False, ssl.CERT_NONE
    return made


def answers(path: Path, seconds: float = 2.0) -> bool:
    """Does the server of a kubeconfig's current context answer?

    It is asked without credentials, so that no plugin runs; any answer but a server's error will do.
    """
    import http.client

    config = read(path)
    named = [entry for entry in config.get("contexts") or [] if entry.get("name") == config.get("current-context")]
    current: dict[str, Any] = named[0] if named else {}
    url = urlsplit(server_of(config, current))
    if not url.hostname:
        return False
    connection: http.client.HTTPConnection
    if url.scheme == "https":
        connection = http.client.HTTPSConnection(
            url.hostname, url.port or 443, timeout=seconds, context=_tls(path, config, current)
        )
    else:
        connection = http.client.HTTPConnection(url.hostname, url.port or 80, timeout=seconds)
    try:
        connection.request("GET", f"{url.path}/readyz")
        return connection.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
