"""A machine with one container whose program is a function of the test."""

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from podlab.mock.kernel import Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.inodes import Directory, File, FileSystem
from podlab.mock.machine.node import Machine, program_file
from podlab.mock.machine.process import Process
from podlab.mock.machine.tty import Terminal

Main = Callable[[Process], Awaitable[int]]


class Node:
    """A machine whose containers run the functions that it is given; `output` is what they print."""

    def __init__(self) -> None:
        self.kernel = Kernel()
        self.programs: dict[str, Main] = {}
        self.machine = Machine(self.kernel, self.programs)
        self.fs = FileSystem(self.kernel, "image")
        self.root, self.bin = Directory(self.fs), Directory(self.fs)
        self.root.link("bin", self.bin)
        self.root.link("tmp", Directory(self.fs, 0o1777))
        self.etc = Directory(self.fs)
        self.root.link("etc", self.etc)
        self.output = bytearray()

    def file(self, name: str, text: str) -> None:
        """A file in /etc of the image."""
        self.etc.link(name, File(self.fs, content=text.encode()))

    def start(self, main: Main, terminal: Terminal | None = None, **options: Any) -> Container:
        """A container that runs `main`."""
        name = f"main{len(self.programs)}"
        self.programs[name] = main
        self.bin.link(name, program_file(self.fs, name))
        container = self.machine.create(ContainerConfig(name, self.root, [name], {"PATH": "/bin"}, **options))
        if terminal is not None:
            container.terminal = terminal
            slave = terminal.open()
            container.start(slave, slave, slave)
        else:
            sink = Sink(self.output.extend)
            container.start(None, sink, sink)
        return container

    def finish(self, *containers: Container) -> None:
        """Runs until all have ended; raises what went wrong in them."""
        self.kernel.run_until(condition=lambda: all(each.exit_code is not None for each in containers))
        if self.machine.crashes:
            raise self.machine.crashes[0][1]

    def run(self, main: Main, **options: Any) -> Container:
        """A container that runs `main` to its end."""
        container = self.start(main, **options)
        self.finish(container)
        return container


@pytest.fixture
def node() -> Iterator[Node]:
    made = Node()
    yield made
    made.kernel.close()
