"""A kind cluster of podlab's own, named `podlab`, with its kubeconfig in podlab's home: the user's own file is not touched."""

import tempfile
from pathlib import Path

from podlab.clusters import engines, images, tools
from podlab.clusters.backend import Health, Say
from podlab.clusters.home import Mark, room
from podlab.clusters.kubeconfigs import answers
from podlab.clusters.mends import mend_for
from podlab.errors import ToolError

CLUSTER = "podlab"
ADVICE = "install it: kind.sigs.k8s.io/docs/user/quick-start/#installation"
OLDEST = (0, 21)  # the first whose clusters start native sidecars


class Kind:
    """podlab's kind cluster."""

    name = "kind"

    @property
    def kubeconfig(self) -> Path:
        """Where the kubeconfig is, or will be."""
        return room("kind") / "kubeconfig"

    def health(self) -> Health:
        """Does the cluster answer?"""
        if not self.kubeconfig.exists():
            return Health(False, "not set up", "podlab up --on kind")
        if answers(self.kubeconfig):
            return Health(True, f"running (cluster {CLUSTER})")
        return Health(
            False, "set up, but does not answer", "start Docker or Podman; else podlab down --on kind and podlab up --on kind"
        )

    def up(self, say: Say) -> Health:
        """Create the cluster and load the course's images into it.

        Raises:
            ToolError: something is in the way; says what and how to mend it.
        """
        health = self.health()
        if health.running:
            return health
        engine = _ready_engine(say)
        environment = {"KIND_EXPERIMENTAL_PROVIDER": engine.name}
        if CLUSTER in tools.run(["kind", "get", "clusters"], environment).stdout.split():
            self._find_again(environment, say)
        if not self.health().running:
            self._create(environment, say)
            self._load_images(engine, environment, say)
        return self.health()

    def _find_again(self, environment: dict[str, str], say: Say) -> None:
        """Take up podlab's cluster that is there, or remove it if it does not answer."""
        if not self._is_ours():
            raise ToolError(
                f"There is a kind cluster named {CLUSTER}, which podlab did not make, so podlab leaves it alone.",
                f"if it is not needed, remove it: `kind delete cluster --name {CLUSTER}`",
            )
        names = ["--name", CLUSTER, "--kubeconfig", str(self.kubeconfig)]
        exported = tools.run(["kind", "export", "kubeconfig", *names], environment)  # fails for one that was made in part
        if not exported.ok or not self.health().running:
            say("The cluster is there but does not answer; podlab makes it anew.")
            _check(tools.run(["kind", "delete", "cluster", *names], environment, 120))

    def _create(self, environment: dict[str, str], say: Say) -> None:
        create = ["kind", "create", "cluster", "--name", CLUSTER, "--kubeconfig", str(self.kubeconfig), "--wait", "180s"]
        Mark(self.name).leave()
        outcome = tools.stream(create, lambda line: _say_step(line, say), environment)
        if "already exist for a cluster with the name" in outcome.output:
            Mark(self.name).remove()
        _check(outcome)

    def _is_ours(self) -> bool:
        return bool(Mark(self.name)) or self.kubeconfig.exists()

    def down(self, say: Say) -> bool:
        """Delete the cluster that podlab made; False if there was none."""
        if not self._is_ours():
            return False
        _check(
            tools.stream(["kind", "delete", "cluster", "--name", CLUSTER, "--kubeconfig", str(self.kubeconfig)], say, _provider())
        )
        self.kubeconfig.unlink(missing_ok=True)
        Mark(self.name).remove()
        return True

    def obstacles(self) -> list[tuple[str, str]]:
        """What is in the way on this machine."""
        return engines.obstacles("kind", ADVICE) + _too_old()

    def _load_images(self, engine: engines.Engine, environment: dict[str, str], say: Say) -> None:
        """Fetch and load ahead; that it fails is no error, the cluster fetches what it lacks by itself."""
        for image in images.COURSE:
            say(f"Loading the image {image}")
            pulled = _quietly([engine.name, "pull", "--quiet", image])
            if not (pulled and _load(engine, image, environment)) and not _quietly(
                [engine.name, "exec", f"{CLUSTER}-control-plane", "crictl", "pull", image]
            ):
                say(f"  {image} could not be loaded ahead; the cluster will fetch it when a pod wants it.")


def _load(engine: engines.Engine, image: str, environment: dict[str, str]) -> bool:
    """Bring an image that the engine has into the node.

    `kind load docker-image` asks Docker alone, and fails where Docker keeps images of several platforms and has but one of them
    (its containerd image store, the default since Docker 29): `content digest ... not found`. An archive of one platform will do.
    """
    name = ["--name", CLUSTER]
    if engine.name == "docker" and _quietly(["kind", "load", "docker-image", image, *name], environment):
        return True
    platform = [f"--platform=linux/{engine.architecture}"] if engine.name == "docker" and engine.architecture else []
    with tempfile.TemporaryDirectory(dir=room("kind")) as folder:  # not /tmp: Docker from a snap does not see it
        archive = str(Path(folder) / "image.tar")
        saved = _quietly([engine.name, "image", "save", *platform, "--output", archive, image])
        return saved and _quietly(["kind", "load", "image-archive", archive, *name], environment)


def _quietly(words: list[str], environment: dict[str, str] | None = None) -> bool:
    return tools.stream(words, lambda line: None, environment).ok


def _ready_engine(say: Say) -> engines.Engine:
    if tools.find("kind") is None:
        raise ToolError("`kind` is not installed, or not on PATH.", ADVICE)
    for problem, mend in _too_old():
        raise ToolError(f"{problem}.", mend)
    engine, problems = engines.find_engine()
    if engine is None:
        raise ToolError(f"kind needs a container engine: {problems[0][0]}.", problems[0][1])
    engines.want_enough(engine, "kind")
    for note in engines.notes(engine):
        say(note)
    return engine


def _provider() -> dict[str, str]:
    engine, _ = engines.find_engine()
    return {"KIND_EXPERIMENTAL_PROVIDER": engine.name} if engine else {}


def _too_old() -> list[tuple[str, str]]:
    return tools.too_old(["kind", "version"], OLDEST, ADVICE) if tools.find("kind") else []


def _say_step(line: str, say: Say) -> None:
    """Say kind's own steps, as they are; not its advice, which is for the user's own kubeconfig."""
    if line.lstrip().startswith(("✓", "✗", "•", "Creating cluster")):
        say(line.strip())


def _check(outcome: tools.Outcome) -> None:
    if outcome.ok:
        return
    lines = [line for line in outcome.output.splitlines() if line.strip()]
    start = next((n for n, line in enumerate(lines) if line.startswith("ERROR")), max(0, len(lines) - 5))
    said = "\n".join(f"  {line.strip()}" for line in lines[start : start + 5] if not line.startswith("Stack Trace"))
    raise ToolError(
        f"kind failed:\n{said}",
        mend_for(outcome.output)
        or "`podlab doctor` looks at the machine; kind's own list is kind.sigs.k8s.io/docs/user/known-issues",
    )
