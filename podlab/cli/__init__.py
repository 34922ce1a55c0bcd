"""The command line: `podlab up | down | status | kubeconfig | doctor | kubectl | grade | report | export | course | lab`.

One module a command, with `configure(parser)` and `run(arguments) -> exit code`. Only the module of the command that was
called is imported, because `podlab up` is to be quick.
"""

import errno
import sys
from importlib import import_module

from podlab import __version__
from podlab.errors import PodlabError

UNDERSTOOD = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}
"""Errors of the user's own files, which are told in a line."""

COMMANDS = {
    "up": "start a cluster: the mock, or with --on kind, minikube, or a context of yours",
    "down": "stop it, and remove what podlab made",
    "status": "what is running",
    "kubeconfig": "print the path of the kubeconfig, and nothing else",
    "doctor": "which clusters can be used here, and if not, why not",
    "kubectl": "run kubectl on podlab's cluster",
    "grade": "grade submissions: points with reasons, in nbgrader's gradebook and as feedback",
    "report": "what an instructor wants to know of graded assignments, as a page",
    "export": "points as CSV for Canvas, Moodle or Blackboard",
    "course": "copy the course's notebooks and exercises into a folder",
    "lab": "open the course in JupyterLab",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command.

    Args:
        arguments: without the program's name; by default the process's own.

    Returns:
        The exit code: 0, 1 for an error that podlab understands, 2 for a wrong call, 130 for Ctrl-C.
    """
    for stream in (sys.stdout, sys.stderr):  # a pipe may speak cp949 or ASCII, which has no words for all that kind says
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    words = sys.argv[1:] if arguments is None else arguments
    if not words or words[0] in ("-h", "--help", "help"):
        print(_usage())
        return 0
    if words[0] in ("-V", "--version"):
        print(f"podlab {__version__}")
        return 0
    if words[0] not in COMMANDS:
        print(f"podlab: there is no command {words[0]!r}\n\n{_usage()}", file=sys.stderr)
        return 2
    return _run(words[0], words[1:])


def _run(name: str, rest: list[str]) -> int:
    import argparse

    module = import_module(f"podlab.cli.{name}")
    parser = argparse.ArgumentParser(prog=f"podlab {name}", description=f"{COMMANDS[name][0].upper()}{COMMANDS[name][1:]}.")
    module.configure(parser)
    try:
        code: int = module.run(parser.parse_args(rest))
    except PodlabError as error:
        print(f"podlab: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in UNDERSTOOD or not error.filename:
            raise
        print(f"podlab: {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _usage() -> str:
    width = max(map(len, COMMANDS))
    lines = [f"  {name:{width}}  {what}" for name, what in COMMANDS.items()]
    return "\n".join(["usage: podlab COMMAND [options]", "", *lines, "", "podlab COMMAND --help says more."])
