"""`%%manifest` and `%kubectl`: Kubernetes in a notebook's own cells.

`podlab.connect()` loads them; so does `%load_ext podlab.magics`. The text of a `%%manifest` cell is kept under its name
(`podlab.magics.manifests`), which is how graders find it. Where `PODLAB_MANIFESTS=keep` is set, cells are kept and
nothing is applied: answers are data there.
"""

import os
import re
import shlex
import subprocess
import sys
from typing import Any

from podlab.clusters.tools import kubectl_path
from podlab.errors import PodlabError
from podlab.lab import Lab
from podlab.lab.manifests import parse

manifests: dict[str, str] = {}
"""The text of each `%%manifest` cell that has run, by name."""

_USAGE = "%%manifest NAME [--namespace NAMESPACE] [--replace] [--no-apply]"

_lab: Lab | None = None


def use(lab: Lab) -> None:
    """Let the magics work on this Lab from now on."""
    global _lab
    _lab = lab


def current() -> Lab:
    """The Lab that the magics work on; `podlab.connect()`'s choice if there is none yet."""
    if _lab is None:
        from podlab.connect import connect

        use(connect())
    assert _lab is not None
    return _lab


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext podlab.magics` calls."""
    shell.register_magic_function(manifest, "cell", "manifest")
    shell.register_magic_function(kubectl, "line", "kubectl")
    shell.register_magic_function(kubectl_cell, "cell", "kubectl")


def manifest(line: str, cell: str) -> None:
    """Keep a cell's text under a name, and apply it: `%%manifest web`, then YAML.

    Args:
        line: the name, and `--namespace NAMESPACE`, `--replace` (delete and create anew what cannot be changed), `--no-apply`.
        cell: the manifest.

    Raises:
        ManifestError: the text is not a manifest; says the line.
        APIError: the server refuses it, in its own words.
    """
    options = _options(line)
    manifests[options["name"]] = cell
    if options["no_apply"] or os.environ.get("PODLAB_MANIFESTS") == "keep":
        parse(cell, f"%%manifest {options['name']}")
        return
    for change in current().apply(cell, options["namespace"], replace=options["replace"]):
        print(change)


def kubectl(line: str) -> None:
    """Run kubectl on the Lab's cluster and namespace: `%kubectl get pods`."""
    _kubectl(line, None)


def kubectl_cell(line: str, cell: str) -> None:
    """Run kubectl with the cell as its standard input: `%%kubectl apply -f -`; without a line, run each line of the cell."""
    if line.strip():
        _kubectl(line, cell)
        return
    for command in cell.replace("\\\n", " ").splitlines():
        if command.strip() and not command.lstrip().startswith("#"):
            _kubectl(command.strip().removeprefix("kubectl "), None)


def _options(line: str) -> dict[str, Any]:
    options: dict[str, Any] = {"name": "", "namespace": None, "replace": False, "no_apply": False}
    words = iter(shlex.split(line))
    for word in words:
        flag, equals, value = word.partition("=")
        if flag in ("--namespace", "-n"):
            options["namespace"] = value if equals else next(words, None)
        elif word in ("--replace", "--no-apply"):
            options[word[2:].replace("-", "_")] = True
        elif word.startswith("-") or options["name"]:
            raise PodlabError(f"%%manifest does not understand {word!r}.", _USAGE)
        else:
            options["name"] = word
    if not options["name"]:
        raise PodlabError("A %%manifest cell needs a name.", _USAGE)
    return options


def _kubectl(line: str, stdin: str | None) -> None:
    lab = current()
    where = [
        "--kubeconfig",
        str(lab.kubeconfig),
        *(["--context", lab.context] if lab.context else []),
        "--namespace",
        lab.namespace,
    ]
    words = [str(kubectl_path()), *where, *shlex.split(line)]
    code, last = _stream(words, stdin)
    if code:
        print(f"(kubectl: exit code {code})")
    if code and last.startswith(_UNREACHABLE):
        print(f"\nHint: {lab.api.connection.gone_hint}")


# What kubectl's last line begins with when nobody answers, and what it logs before that, five times over.
_UNREACHABLE = ("The connection to the server", "Unable to connect to the server")
_NOISE = re.compile(rb"E\d{4} [\d:.]+ +\d+ memcache\.go:\d+\] ")


def _stream(words: list[str], stdin: str | None) -> tuple[int, str]:
    """Run a program and print what it says as it comes, errors among the rest: nbgrader takes points for a notebook's stderr.

    Returns:
        Its exit code, and the last line.
    """
    last = ""
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as process:
        try:
            if stdin is not None and process.stdin:
                process.stdin.write(stdin.encode())
                process.stdin.close()
            for raw in process.stdout or ():
                if not _NOISE.match(raw):
                    last = raw.decode("utf-8", "replace")
                    print(last, end="")
            sys.stdout.flush()
        except KeyboardInterrupt:
            process.terminate()
            print("(kubectl: stopped)")
            return 0, last
        return process.wait(), last
