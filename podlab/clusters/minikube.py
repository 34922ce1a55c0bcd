"""A minikube cluster of podlab's own: the profile `podlab`, with its kubeconfig in podlab's home.

minikube speaks JSON when asked (CloudEvents: `step`, `info`, `warning`, `error`), which gives steps to show and errors
with an id and advice.
"""

import json
from pathlib import Path
from typing import Any

from podlab.clusters import engines, images, tools
from podlab.clusters.backend import Health, Say
from podlab.clusters.home import Mark, room
from podlab.clusters.kubeconfigs import answers
from podlab.clusters.mends import mend_for
from podlab.errors import ToolError

PROFILE = "podlab"
ADVICE = "install it: minikube.sigs.k8s.io/docs/start"
OLDEST = (1, 33)  # the first whose clusters start native sidecars by default
_EVENT = "io.k8s.sigs.minikube."


class Minikube:
    """podlab's minikube cluster."""

    name = "minikube"

    @property
    def kubeconfig(self) -> Path:
        """Where the kubeconfig is, or will be."""
        return room("minikube") / "kubeconfig"

    def health(self) -> Health:
        """Does the cluster answer?"""
        if not self.kubeconfig.exists():
            return Health(False, "not set up", "podlab up --on minikube")
        if answers(self.kubeconfig):
            return Health(True, f"running (profile {PROFILE})")
        return Health(False, "set up, but does not answer", "podlab up --on minikube")

    def up(self, say: Say) -> Health:
        """Start the profile, and load the course's images into it.

        Raises:
            ToolError: something is in the way; says what and how to mend it.
        """
        health = self.health()
        if health.running:
            return health
        driver = _ready_driver(say)
        if not self._is_ours() and PROFILE in self._profiles():
            raise ToolError(
                f"There is a minikube profile {PROFILE}, which podlab did not make, so podlab leaves it alone.",
                f"if it is not needed, remove it: `minikube delete --profile {PROFILE}`",
            )
        Mark(self.name).leave()
        events: list[dict[str, Any]] = []
        start = ["minikube", "start", "--profile", PROFILE, "--output=json", "--interactive=false", "--wait=all", *driver]
        outcome = tools.stream(start, lambda line: _take(line, events, say), self._environment())
        if not outcome.ok:
            raise _failure(events, outcome)
        for image in images.COURSE:
            say(f"Loading the image {image}")
            ways = (["image", "load", image], ["image", "pull", image])
            commands = (["minikube", "--profile", PROFILE, *way] for way in ways)
            if not any(tools.stream(words, lambda line: None, self._environment()).ok for words in commands):
                say(f"  {image} could not be loaded ahead; the cluster will fetch it when a pod wants it.")
        return self.health()

    def down(self, say: Say) -> bool:
        """Delete the profile that podlab made; False if there was none."""
        if not self._is_ours():
            return False
        events: list[dict[str, Any]] = []
        delete = ["minikube", "delete", "--profile", PROFILE, "--output=json"]
        outcome = tools.stream(delete, lambda line: _take(line, events, say), self._environment())
        if not outcome.ok:
            raise _failure(events, outcome)
        self.kubeconfig.unlink(missing_ok=True)
        Mark(self.name).remove()
        return True

    def obstacles(self) -> list[tuple[str, str]]:
        """What is in the way on this machine."""
        return engines.obstacles("minikube", ADVICE) + _too_old()

    def _is_ours(self) -> bool:
        return bool(Mark(self.name)) or self.kubeconfig.exists()

    def _profiles(self) -> list[str]:
        """The names of all profiles of this user's."""
        try:
            said = json.loads(tools.run(["minikube", "profile", "list", "--output=json"], self._environment()).stdout)
            return [str(profile["Name"]) for kind in ("valid", "invalid") for profile in said.get(kind) or []]
        except (ValueError, KeyError, TypeError, AttributeError):
            return []

    def _environment(self) -> dict[str, str]:
        return {"KUBECONFIG": str(self.kubeconfig), "MINIKUBE_IN_STYLE": "false"}


def _ready_driver(say: Say) -> list[str]:
    """The option that names the driver, where Docker or Podman is there; else minikube looks for another by itself."""
    if tools.find("minikube") is None:
        raise ToolError("`minikube` is not installed, or not on PATH.", ADVICE)
    for problem, mend in _too_old():
        raise ToolError(f"{problem}.", mend)
    engine, problems = engines.find_engine()
    if engine is None:
        say(f"{problems[0][0]}; minikube looks for another driver.")
        return []
    engines.want_enough(engine, "minikube")
    for note in [*engines.notes(engine), *engines.proxy_notes()]:
        say(note)
    return [f"--driver={engine.name}"]


def _too_old() -> list[tuple[str, str]]:
    return tools.too_old(["minikube", "version", "--short"], OLDEST, ADVICE) if tools.find("minikube") else []


def _take(line: str, events: list[dict[str, Any]], say: Say) -> None:
    try:
        event = json.loads(line)
        kind, data = str(event["type"]).removeprefix(_EVENT), event["data"]
    except (ValueError, KeyError, TypeError):
        return
    events.append({"kind": kind, **data})
    if kind == "step" and data.get("message"):
        say(f"[{data.get('currentstep') or '-'}/{data.get('totalsteps') or '-'}] {str(data['message']).strip()}")
    elif kind == "warning" and data.get("message"):
        say(f"minikube warns: {str(data['message']).strip()}")


def _failure(events: list[dict[str, Any]], outcome: tools.Outcome) -> ToolError:
    error = next((event for event in reversed(events) if event["kind"] == "error"), None)
    if error is None:
        said = "\n".join(f"  {line}" for line in outcome.output.splitlines()[-5:])
        return ToolError(f"minikube failed (exit code {outcome.exit_code}):\n{said}", mend_for(outcome.output) or ADVICE)
    name, message = str(error.get("name") or error.get("id") or ""), str(error.get("message") or "").strip()
    mend = mend_for(name) or mend_for(message) or str(error.get("advice") or "").strip()
    return ToolError(
        f"minikube failed: {f'{name}: ' if name else ''}{message[:500]}", mend or f"see {error.get('url') or ADVICE}"
    )
