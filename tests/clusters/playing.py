"""Executables that play recorded sessions of kind, minikube, docker and podman in their place.

A session is a list of entries, such as `{"call": "kind create cluster", "says": "...", "complains": "...", "exit": 0}`. An entry
answers the calls that begin with its words; of several that fit, each is used once, the last one stays. A `kubeconfig` in an
entry is written to where the call says. Every call is written down.
"""

import json
import os
import sys
from pathlib import Path

POSIX = os.name == "posix"
EVERYWHERE = (  # answers to questions that each session asks, unless it has others
    {"call": "kind version", "says": "kind v0.32.0 go1.26.1 linux/amd64\n"},
    {"call": "minikube version", "says": "v1.38.0\n"},
    {"call": "minikube profile list", "says": '{"invalid":[],"valid":[]}'},
)


class Stage:
    """A folder of players, alone on PATH.

    Args:
        folder: an empty folder.
        monkeypatch: pytest's.
        programs: which programs there are.
    """

    def __init__(self, folder: Path, monkeypatch, programs: tuple[str, ...]) -> None:
        self.folder = folder
        player = Path(__file__).with_name("player.py").read_text("utf-8")
        for name in programs:
            (folder / name).write_text(f"#!{sys.executable}\n{player}", "utf-8")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", str(folder))

    def play(self, *session: dict) -> None:
        """Use this session from now on."""
        said = [entry["call"] for entry in session]
        others = [entry for entry in EVERYWHERE if entry["call"] not in said]
        (self.folder / "session.json").write_text(json.dumps([*session, *others]), "utf-8")

    @property
    def calls(self) -> list[str]:
        """The calls so far, in order."""
        return [entry["call"] for entry in self._entries()]

    def environment_of(self, call: str) -> dict[str, str]:
        """The environment of the first call that begins so."""
        return next(entry["environment"] for entry in self._entries() if entry["call"].startswith(call))

    def _entries(self) -> list[dict]:
        file = self.folder / "calls.jsonl"
        return [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
