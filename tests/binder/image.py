"""Binder's image without Docker: the Dockerfile that repo2docker renders, played step by step by a user without rights.

The steps run in namespaces of their own, as user 1000 (`jovyan`), with no capabilities: `/home` and `/srv` are folders of the
test's, everything else is read-only. What cannot be played is named in `NOT_PLAYED`, with the reason; every other step is.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USER, UID = "jovyan", 1000
MEMORY_BYTES = 4 * 1024**3
NAMESPACES = ("unshare", "--user", "--map-root-user", "--mount")

# (words in a step, why it is not played)
NOT_PLAYED = (
    ("apt-get", "Ubuntu's packages: they want root, and another system"),
    ("locale-gen", "writes /etc/locale.gen: wants root"),
    ("groupmod", "writes /etc/group: wants root; a file of the test's stands in its place"),
    ("useradd", "writes /etc/passwd: wants root; a file of the test's stands in its place"),
    ("install-base-env.bash", "fetches conda's environment, which no Python index has; a virtual environment stands in"),
)
# (a path within the image, why it is not copied): they come from repo2docker, not from this repository.
NOT_COPIED = (
    ("/etc/profile.d/", "activates conda's environment in login shells"),
    ("/tmp/", "belongs to conda's environment"),
    ("/usr/local/bin/", "repo2docker's own entry point, which runs ours, `binder/start`"),
)


@dataclass(frozen=True, slots=True)
class Step:
    """An instruction of a Dockerfile, such as `RUN` and what follows it."""

    word: str
    text: str


def render(folder: Path) -> list[Step]:
    """The Dockerfile that repo2docker makes of a repository, as Binder calls it."""
    words = ["--no-build", "--debug", "--user-id", str(UID), "--user-name", USER, str(folder)]
    command = [sys.executable, "-m", "repo2docker", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return parse(done.stdout)


def parse(text: str) -> list[Step]:
    """The instructions of a Dockerfile; lines that end in a backslash go on in the next."""
    start = text.index("FROM ")
    lines = [line for line in text[start:].splitlines() if line.strip() and not line.lstrip().startswith("#")]
    whole = re.sub(r"\\\n", "\n", "\n".join(lines))
    parts = re.split(r"^(?=(?:FROM|ENV|ARG|RUN|COPY|USER|WORKDIR|LABEL|EXPOSE|ENTRYPOINT|CMD) )", whole, flags=re.MULTILINE)
    return [Step(*part.strip().split(" ", 1)) for part in parts if part.strip()]


def binders_python() -> str:
    """A Python on PATH of the version that Binder takes, or nothing."""
    wanted = (ROOT / "binder" / "runtime.txt").read_text("utf-8").strip().replace("-", "")
    found = shutil.which(wanted) or ""
    works = found and subprocess.run([found, "-c", ""], capture_output=True, check=False).returncode == 0
    return found if works else ""


def may_play() -> bool:
    """Does this system let a user make namespaces?"""
    if not shutil.which("unshare"):
        return False
    return (
        subprocess.run([*NAMESPACES, "mount", "-t", "tmpfs", "podlab", "/mnt"], capture_output=True, check=False).returncode == 0
    )


def roomy(folder: Path) -> Path:
    """Where twenty thousand files are soon made and soon removed: in memory, where there is enough of it, else in `folder`."""
    memory = Path("/dev/shm")
    return memory if os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > MEMORY_BYTES else folder


class Image:
    """What a Dockerfile makes, in a folder.

    Args:
        folder: an empty folder for `/home`, `/srv` and the rest that a step may write to.
        source: the repository.
        python: the Python that stands in for conda's; by default one of Binder's version, if it is on PATH, else this one.
        compiled: compile what is installed, as pip does; for those who measure.

    Attributes:
        played: the `RUN` steps that were played.
        left_out: those that were not, each with the reason.
        command: what Binder starts.
    """

    def __init__(self, folder: Path, source: Path = ROOT, python: str = "", *, compiled: bool = False) -> None:
        self.folder, self.source, self.compiled = folder, source, compiled
        self.python = python or binders_python() or sys.executable
        network = {name: value for name, value in os.environ.items() if re.match("(?i)ssl_|uv_|.*_proxy$", name)}
        self.environment = {**network, "PATH": os.environ["PATH"], "UV_CACHE_DIR": _uv("cache", "dir"), "TMPDIR": "/srv/tmp"}
        self._given = {"NB_USER": USER, "NB_UID": str(UID)}
        self.played: list[str] = []
        self.left_out: list[tuple[str, str]] = []
        self.command: list[str] = []
        for name in ("home/" + USER, "srv/tmp"):
            (folder / name).mkdir(parents=True)
        (folder / "passwd").write_text(f"root:x:0:0::/root:/bin/sh\n{USER}:x:{UID}:{UID}::/home/{USER}:/bin/bash\n", "utf-8")
        (folder / "group").write_text(f"root:x:0:\n{USER}:x:{UID}:\n", "utf-8")

    @property
    def home(self) -> Path:
        """The user's home, which is the repository too, as seen from outside."""
        return self.folder / "home" / USER

    @property
    def prefix(self) -> Path:
        """The environment's folder, as seen from outside."""
        return self.folder / self.environment["NB_PYTHON_PREFIX"].lstrip("/")

    def play(self, steps: list[Step]) -> None:
        """Play the steps in order."""
        for step in steps:
            getattr(self, f"_{step.word.lower()}", lambda text: None)(step.text)

    def run(self, words: list[str], *, offline: bool = False, **options: object) -> subprocess.Popen:
        """Start a program within."""
        inside = [*NAMESPACES, *(["--net"] if offline else []), "sh", "-euc", _JAIL, "sh", str(self.folder), *words]
        environment = {**self.environment, "OFFLINE": "yes" if offline else ""}
        return subprocess.Popen(inside, env=environment, text=True, **options)

    def check(self, words: list[str], *, offline: bool = False) -> str:
        """What a program says within; it must succeed."""
        process = self.run(words, offline=offline, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        said, _ = process.communicate()
        assert process.returncode == 0, f"{words}\n{said}"
        return said

    def _env(self, text: str) -> None:
        for name, value in re.findall(r"(\w+)=(\S+)", text):
            self.environment[name] = self._filled_in(value).strip('"')

    def _arg(self, text: str) -> None:
        name, _, value = text.partition("=")
        self.environment[name] = self._given.get(name) or self._filled_in(value)

    def _filled_in(self, text: str) -> str:
        return re.sub(r"\$\{(\w+)\}", lambda found: self.environment[found[1]], text)

    def _run(self, text: str) -> None:
        reason = next((reason for words, reason in NOT_PLAYED if words in text), "")
        if reason:
            self.left_out.append((text, reason))
            if "install-base-env" in text:
                self._stand_in_for_conda()
            return
        self.check(["bash", "-c", f'cd "$REPO_DIR" && {text}' if "REPO_DIR" in self.environment else text])
        self.played.append(text)

    def _copy(self, text: str) -> None:
        *_, source, target = text.split()
        target = self._filled_in(target)
        reason = next((reason for start, reason in NOT_COPIED if target.startswith(start)), "")
        if reason:
            self.left_out.append((f"COPY {target}", reason))
            return
        place = self.folder / target.lstrip("/")
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=self.source, check=True, capture_output=True, text=True).stdout
        inner = source.removeprefix("src/")
        for name in filter(lambda name: name and name.startswith(inner), listed.split("\0")):
            if not (self.source / name).exists():  # deleted, and not yet committed
                continue
            to = place if inner == name else place / name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(self.source / name, to)

    def _cmd(self, text: str) -> None:
        self.command = json.loads(text)

    def _stand_in_for_conda(self) -> None:
        """A virtual environment where conda's would be, with a pip that is played by uv, whose cache has the wheels."""
        subprocess.run([_uv_path(), "venv", "--quiet", "--python", self.python, str(self.prefix)], check=True)
        pip = self.prefix / "bin" / "pip"
        pip.write_text(
            _PIP.format(python=sys.executable, uv=_uv_path(), lock=self._lock(), more=["--compile-bytecode"] * self.compiled),
            "utf-8",
        )
        pip.chmod(0o755)

    def _lock(self) -> str:
        """Binder's lock file; for another Python than Binder's, the same packages as the lock for all Pythons has them."""
        wanted = (self.source / "binder" / "runtime.txt").read_text("utf-8").strip()
        version = subprocess.run(
            [self.python, "-c", "import sys; print('python-%d.%d' % sys.version_info[:2])"],
            capture_output=True,
            text=True,
            check=True,
        )
        if version.stdout.strip() == wanted:
            return ""
        self.left_out.append(
            (wanted, f"not to be had here: {version.stdout.strip()} plays its part, with the versions that are locked for it")
        )
        names = {entry.split("==")[0] for entry in _entries(self.source / "binder" / "requirements.txt")}
        older = "python_full_version < '3.12'"
        entries = _entries(self.source / "requirements.lock")
        chosen = [entry for entry in entries if re.split(r"[=\[]", entry)[0] in names or older in entry]
        (self.folder / "srv" / "requirements.txt").write_text("\n".join(chosen), "utf-8")
        return "/srv/requirements.txt"


def _entries(lock: Path) -> list[str]:
    """A lock file's entries, each with its hashes."""
    return re.split(r"\n(?=[A-Za-z0-9])", lock.read_text("utf-8").partition("\n")[2].strip())


def _uv_path() -> str:
    from uv import find_uv_bin

    return find_uv_bin()


def _uv(*words: str) -> str:
    return subprocess.run([_uv_path(), *words], check=True, capture_output=True, text=True).stdout.strip()


# From root of a user namespace, who may mount, to user 1000, who may not.
_JAIL = """
folder=$1; shift
for place in home srv; do mount --bind "$folder/$place" /$place; done
for file in passwd group; do mount --bind "$folder/$file" /etc/$file; done
mount --bind "$UV_CACHE_DIR" "$UV_CACHE_DIR"
mount -o remount,bind,ro /
[ -z "$OFFLINE" ] || ip link set lo up
exec unshare --user --map-user=1000 --map-group=1000 "$@"
"""
_PIP = """\
#!{python}
import os, sys
words = [word for word in sys.argv[1:] if word != "--no-cache-dir"]
if {lock!r}:
    words = [{lock!r} if word.endswith("requirements.txt") else word for word in words]
os.execv({uv!r}, ["uv", "pip", words[0], "--quiet", "--python", os.path.dirname(sys.argv[0]) + "/python", *{more}, *words[1:]])
"""
