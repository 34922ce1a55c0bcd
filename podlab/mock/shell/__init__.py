"""ash, busybox' shell, over the simulated machine: `main` is the program `sh`."""

from podlab.mock.shell.startup import main

__all__ = ["main"]
