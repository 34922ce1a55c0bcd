"""Services that are supervised within a container: what time, a first process and hostile services make of it."""

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import Container, ContainerConfig, Sink
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.node import Machine
from podlab.mock.machine.signals import SIGHUP, SIGTERM
from podlab.mock.programs.busybox import busybox
from podlab.mock.programs.busybox_image import root_directory
from tests.shell.playing import play_in_mock


class Supervised:
    """A container whose first process is runsvdir."""

    def __init__(self, *options: str, **services: str) -> None:
        self.kernel = Kernel()
        machine = Machine(self.kernel, {"busybox": busybox})
        root = root_directory(self.kernel)
        folder = Directory(root.fs)
        root.link("services", folder)
        for name, script in services.items():
            service = Directory(root.fs)
            service.link("run", File(root.fs, 0o755, content=f"#!/bin/sh\n{script}\n".encode()))
            folder.link(name, service)
        root.link("tell", File(root.fs, 0o755, content=b'#!/bin/sh\necho "signal $1"\n'))
        argv = ["/bin/runsvdir", *options, "/services"]
        environment = {"PATH": "/bin:/usr/bin:/sbin:/usr/sbin"}
        self.container: Container = machine.create(ContainerConfig("test", root, argv, environment, memory_bytes=64 << 20))
        self.output = bytearray()
        sink = Sink(self.output.extend)
        self.container.start(None, sink, sink)

    def pass_time(self, seconds: int) -> list[str]:
        """Lets time pass. Returns the lines that were printed meanwhile."""
        self.output.clear()
        self.kernel.run_until(self.kernel.now_ns + seconds * SECOND)
        return self.output.decode().splitlines()


def test_runsvdir_restarts_a_service_that_ends_at_most_once_a_second() -> None:
    world = Supervised(web="echo up")
    assert 8 <= len(world.pass_time(10)) <= 11
    assert set(world.output.decode().split()) == {"up"}


def test_runsvdir_as_first_process_outlives_its_signals_and_tells_of_them() -> None:
    world = Supervised("-s", "/tell", web='trap "echo down; exit" TERM; echo up; while :; do sleep 0.1; done')
    assert world.pass_time(5) == ["up"]
    init = world.container.pid_namespace.init
    assert init is not None
    init.deliver(SIGTERM)
    assert world.pass_time(5) == ["signal 15"]
    init.deliver(SIGHUP)
    assert world.pass_time(3) == ["signal 1", "down"]
    assert world.pass_time(10) == ["up"]
    assert world.container.exit_code is None


def test_service_that_writes_without_end_is_bounded_and_can_be_taken_down() -> None:
    played = play_in_mock(
        b"""
        mkdir -p s/log; printf '#!/bin/sh\\nwhile :; do echo x; done\\n' >s/run; chmod +x s/run
        printf '#!/bin/sh\\nexec svlogd ../d\\n' >s/log/run; chmod +x s/log/run
        mkdir d s/d; printf 's20000\\nn2\\n' >s/d/config
        runsv s & sleep 5
        sv -v -w 3 down ./s | cut -c1-9; ls s/d | grep -c @
        sv exit ./s; wait; echo $?
        """,
        memory_bytes=16 << 20,
        limit_seconds=120,
    )
    assert (played.stdout, played.stderr) == ("ok: down:\n2\n0\n", "")


def test_second_server_that_finds_its_port_taken_ends_alone() -> None:
    script = b"fakeidentd; sleep 1; fakeidentd; echo $?; sleep 1; pidof fakeidentd | wc -w"
    assert play_in_mock(script).stdout == "0\n1\n"
