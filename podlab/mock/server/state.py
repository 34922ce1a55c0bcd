"""The folder in which a mock tells where it is: `kubeconfig` (mode 0600), and `state.json`, written last.

Each file appears whole, by a rename, and goes when the mock ends, unless another mock has taken the folder over.
"""

import base64
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_KUBECONFIG = """\
apiVersion: v1
kind: Config
preferences: {{}}
clusters:
- name: podlab
  cluster:
    server: {url}
    certificate-authority-data: {authority}
contexts:
- name: podlab
  context:
    cluster: podlab
    user: podlab
current-context: podlab
users:
- name: podlab
  user:
    token: {token}
"""


@dataclass(frozen=True, slots=True)
class State:
    """What a running mock says of itself.

    Attributes:
        url: where its API is.
        kubeconfig: path of its kubeconfig.
        started: when, in Unix seconds.
    """

    pid: int
    url: str
    kubeconfig: str
    started: float
    pace: str
    seed: int
    version: str


class StateFolder:
    """The folder of one mock, at ``path``."""

    def __init__(self, folder: Path) -> None:
        self.path = folder
        self.kubeconfig = folder / "kubeconfig"
        self._state = folder / "state.json"

    def publish(self, state: State, token: str, authority: bytes) -> None:
        """Tells where the mock is. Raises OSError.

        Args:
            state: what to tell.
            token: the administrator's.
            authority: certificates that the client is to trust (PEM).
        """
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        trusted = base64.b64encode(authority).decode()
        _write(self.kubeconfig, _KUBECONFIG.format(url=state.url, token=token, authority=trusted))
        _write(self._state, json.dumps(asdict(state)) + "\n")

    def retract(self, pid: int) -> None:
        """Takes back what the mock of that process told."""
        try:
            if json.loads(self._state.read_text("utf-8")).get("pid") != pid:
                return
            self._state.unlink()
            self.kubeconfig.unlink()
        except (OSError, ValueError):
            return


def _write(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
        os.replace(beside, path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
