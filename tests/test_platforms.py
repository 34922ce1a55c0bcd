"""Nothing needs a POSIX host, UTF-8 terminals or English: what can be shown of that on one system.

That every dependency has a wheel for every system and Python that podlab runs on is asked of the index.
"""

import ast
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from podlab.clusters.mock import Mock
from podlab.lab import Lab
from podlab.lab.manifests import line_of, load

ROOT = Path(__file__).resolve().parent.parent
SYSTEMS = (
    "x86_64-pc-windows-msvc",
    "aarch64-apple-darwin",
    "x86_64-apple-darwin",
    "x86_64-manylinux_2_28",
    "aarch64-manylinux_2_28",
)
OFFLINE = ("error sending request", "dns error", "Could not connect", "Network connectivity is disabled", "timed out")


@pytest.mark.online
@pytest.mark.parametrize("python", ["3.11", "3.14"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_wheels_exist(system, python):
    options = ["--python-platform", system, "--python-version", python, "--only-binary", ":all:", "--extra", "course"]
    command = [
        sys.executable,
        "-m",
        "uv",
        "pip",
        "compile",
        "--quiet",
        *options,
        "--constraint",
        "requirements.lock",
        "pyproject.toml",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode and any(words in done.stderr for words in OFFLINE):
        pytest.skip("no index can be reached")
    assert done.returncode == 0, done.stderr


# What Python does not have on Windows, of what a program like this might reach for.
POSIX_MODULES = {"fcntl", "pwd", "grp", "termios", "resource", "pty", "tty", "posix", "syslog", "curses", "readline"}
POSIX_NAMES = {
    "os": {
        *("fork", "forkpty", "geteuid", "getegid", "getuid", "getgid", "getpgid", "getpgrp", "getsid", "getloadavg", "chown"),
        *("killpg", "mkfifo", "mknod", "nice", "setsid", "setpgid", "setuid", "setgid", "statvfs", "sysconf", "uname", "wait"),
        *("pread", "pwrite", "openpty", "sendfile", "sched_getaffinity", "memfd_create", "WNOHANG", "O_NONBLOCK", "O_CLOEXEC"),
    },
    "signal": {"SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGQUIT", "SIGALRM", "SIGPIPE", "alarm", "setitimer"},
    "socket": {"AF_UNIX", "socketpair_unix", "send_fds", "recv_fds"},
    "asyncio": {"create_unix_server", "open_unix_connection", "start_unix_server"},
}
ASKS = ("sys.platform", "os.name", "hasattr", "ImportError")
SOURCES = sorted((ROOT / "podlab").rglob("*.py"))


@cache
def parsed(source):
    return ast.parse(source.read_text("utf-8"))


def unguarded(tree):
    """The nodes that run on every system: those that no question about the system stands before."""
    for node in ast.iter_child_nodes(tree):
        if not any(words in question for question in questions(node) for words in ASKS):
            yield node
            yield from unguarded(node)


def questions(node):
    """What a node asks before it goes on."""
    if isinstance(node, ast.If | ast.IfExp):
        return [ast.unparse(node.test)]
    if isinstance(node, ast.BoolOp):
        return [ast.unparse(node.values[0])]
    if isinstance(node, ast.Try):
        return [ast.unparse(handler.type) for handler in node.handlers if handler.type]
    return []


def faults(node):
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names if alias.name in POSIX_MODULES]
    if isinstance(node, ast.ImportFrom):
        return [node.module] if node.module in POSIX_MODULES else []
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        return [ast.unparse(node)] if node.attr in POSIX_NAMES.get(node.value.id, ()) else []
    return []


def test_modules_ask_before_they_use_what_windows_lacks():
    words = re.compile(rf"\b({'|'.join(POSIX_MODULES.union(*POSIX_NAMES.values()))})\b")
    suspects = [source for source in SOURCES if words.search(source.read_text("utf-8"))]
    found = [(source, node.lineno, fault) for source in suspects for node in unguarded(parsed(source)) for fault in faults(node)]
    assert not found


def speaks_locale(call):
    """Does a call read or write text in whatever encoding the system has?"""
    given = {keyword.arg: keyword.value for keyword in call.keywords}
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name == "read_text":
        return not call.args and "encoding" not in given
    if name == "write_text":
        return len(call.args) < 2 and "encoding" not in given
    if name == "open" and isinstance(call.func, ast.Name):
        mode = ast.unparse(call.args[1]) if len(call.args) > 1 else "'r'"
        return "b" not in mode and "encoding" not in given
    return ast.unparse(call.func).startswith("subprocess.") and "text" in given and "encoding" not in given


def test_modules_say_which_encoding_they_mean():
    hosts = [source for source in SOURCES if "programs" not in source.parts]  # whose files are the simulated machine's
    calls = [(source, node) for source in hosts for node in ast.walk(parsed(source)) if isinstance(node, ast.Call)]
    assert not [(source, call.lineno, ast.unparse(call)) for source, call in calls if speaks_locale(call)]


def test_syntax_is_that_of_the_oldest_python():
    for source in SOURCES:
        ast.parse(source.read_text("utf-8"), feature_version=(3, 11))


KOREAN = """\
apiVersion: v1
kind: Pod
metadata:
  name: hangul
  annotations: {note: "사이드카"}
spec:
  containers:
  - name: app
    image: busybox:1.37
    command: [sh, -c, "echo 안녕하세요 $NAME; sleep 3600"]
    env: [{name: NAME, value: 파드}]
"""


def test_korean_home_manifest_and_log_under_a_locale_without_korean(tmp_path, monkeypatch):
    home = tmp_path / "학생 폴더"
    for name, value in {"PODLAB_HOME": str(home), "PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}.items():
        monkeypatch.setenv(name, value)
    podlab = [sys.executable, "-m", "podlab.cli"]
    up = subprocess.run([*podlab, "up"], capture_output=True, check=True)
    try:
        assert b"export KUBECONFIG='" in up.stdout
        (tmp_path / "파드.yaml").write_text(KOREAN, "utf-8")
        lab = Lab(Mock(home / "mock").kubeconfig)
        lab.apply(tmp_path / "파드.yaml")
        lab.wait("pod/hangul")
        assert lab.logs("hangul") == "안녕하세요 파드\n"
        assert lab.exec("hangul", "echo 한글 | wc -c").stdout == "7\n"
        said = subprocess.run([*podlab, "kubectl", "logs", "hangul"], capture_output=True, check=True).stdout
        assert said.decode("utf-8") == "안녕하세요 파드\n"
        lab.close()
    finally:
        subprocess.run([*podlab, "down"], capture_output=True, check=True)


def test_manifest_with_windows_line_ends_and_mark_is_the_same(tmp_path):
    windows = tmp_path / "pod.yaml"
    windows.write_bytes(b"\xef\xbb\xbf" + KOREAN.replace("\n", "\r\n").encode())
    assert load(windows) == load(KOREAN)
    assert line_of(KOREAN.replace("\n", "\r\n"), "hangul", "spec.containers[0].image") == 9


@pytest.mark.parametrize(
    ("platform", "shell", "command"),
    [
        ("win32", "", '$env:KUBECONFIG = "C:\\Users\\Kim Lee\\kubeconfig"'),
        ("darwin", "/bin/zsh", "export KUBECONFIG='C:\\Users\\Kim Lee\\kubeconfig'"),
        ("linux", "/usr/bin/fish", "set -x KUBECONFIG 'C:\\Users\\Kim Lee\\kubeconfig'"),
    ],
)
def test_setting_is_in_the_words_of_the_users_shell(monkeypatch, platform, shell, command):
    from podlab.cli.up import setting

    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("SHELL", shell)
    assert setting("KUBECONFIG", "C:\\Users\\Kim Lee\\kubeconfig") == command


def test_mock_is_detached_on_windows_by_its_own_flags(monkeypatch):
    from podlab.clusters import mock

    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 512, raising=False)
    monkeypatch.setattr(subprocess, "CREATE_NO_WINDOW", 0x08000000, raising=False)
    assert mock._detached() == {"creationflags": 0x08000200}
