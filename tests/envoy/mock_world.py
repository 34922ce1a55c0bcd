"""Envoy in the mock: a pod's network with applications, and envoy in a container."""

from podlab.mock.kernel import SECOND, Kernel
from podlab.mock.machine.container import ContainerConfig, Sink
from podlab.mock.machine.inodes import Directory, File
from podlab.mock.machine.network import Endpoint, NetworkNamespace
from podlab.mock.machine.node import Machine
from podlab.mock.programs import programs
from podlab.mock.programs.envoy_image import root_directory
from tests.envoy.applications import Application, split
from tests.envoy.wire import LIMIT, PORTS, Asked, fill, whole_answer


class MockWorld:
    """A pod's network with applications, and envoy in a container."""

    def __init__(
        self,
        config: str,
        names: tuple[str, ...],
        files: dict[str, bytes],
        argv: list[str] | None = None,
        options: tuple[str, ...] = (),
    ) -> None:
        self.kernel = Kernel()
        self.machine = Machine(self.kernel, dict(programs()))
        self.net: NetworkNamespace = self.machine.network.namespace("10.244.0.5")
        self.ports = {name: 10_000 + n for n, name in enumerate(PORTS)}
        for name in names:
            self._serve(Application(name.lower()), self.ports[name])
        self._full = self.net.listen(("127.0.0.1", self.ports["FULL"]), backlog=0)
        self.machine.network.start_connect(self.net, self._full.address)
        root = root_directory(self.kernel)
        folder = Directory(root.fs)
        root.link("work", folder)
        etc = root.lookup("etc")
        assert isinstance(etc, Directory)
        etc.link("hosts", File(root.fs, 0o644, content=b"127.0.0.1 localhost\n"))
        folder.link("envoy.yaml", File(root.fs, 0o644, content=fill(config, self.ports).encode()))
        for name, content in files.items():
            folder.link(name, File(root.fs, 0o644, content=content))
        self.out, self.err = bytearray(), bytearray()
        words = argv or ["envoy", "-c", "/work/envoy.yaml", "-l", "error", "--file-flush-interval-msec", "100", *options]
        container = ContainerConfig("envoy", root, words, {"PATH": "/usr/local/bin:/bin"}, net=self.net)
        self.container = self.machine.create(container)
        self.container.start(None, Sink(self.out.extend), Sink(self.err.extend))
        self._wait_until_ready()

    def _wait_until_ready(self) -> None:
        for _ in range(100):
            if self.container.exit_code is not None or b"LIVE" in self.send(
                b"GET /ready HTTP/1.1\r\nhost: x\r\n\r\n", self.ports["ADMIN"]
            ):
                return
            self.wait(0.05)

    def start_another(self, name: str, config: str) -> None:
        """Starts another envoy in the same pod."""
        root = root_directory(self.kernel)
        folder = Directory(root.fs)
        root.link("work", folder)
        folder.link("envoy.yaml", File(root.fs, 0o644, content=fill(config, self.ports).encode()))
        words = ["envoy", "-c", "/work/envoy.yaml", "-l", "error"]
        container = self.machine.create(ContainerConfig(name, root, words, {"PATH": "/usr/local/bin:/bin"}, net=self.net))
        container.start(None, Sink(self.out.extend), Sink(self.err.extend))
        self.wait(2)

    def _serve(self, application: Application, port: int) -> None:
        listener = self.net.listen(("127.0.0.1", port))

        async def accept() -> None:
            while True:
                self.kernel.spawn(connection(await listener.accept()))

        async def connection(endpoint: Endpoint) -> None:
            buffer = b""
            try:
                while True:
                    while (found := split(buffer)) is None:
                        data = await endpoint.recv()
                        if not data:
                            endpoint.close()
                            return
                        buffer += data
                    head, body, buffer = found
                    for step in application.answer(head, body):
                        if isinstance(step, float):
                            await self.kernel.sleep(int(step * SECOND))
                        elif isinstance(step, bytes):
                            await endpoint.send(step)
                        else:
                            (endpoint.abort if step == "reset" else endpoint.close)()
                            return
            except OSError:
                endpoint.close()

        self.kernel.spawn(accept())

    def send(self, request: bytes, port: int) -> bytes:
        """Sends one request on a connection of its own; returns what came until the answer was whole."""
        return self.send_together([Asked((request,), port)])[0]

    def send_together(self, requests: list[Asked]) -> list[bytes]:
        """Sends requests, each at its time; returns what came for each."""
        answers = [bytearray() for _ in requests]
        clients = [self.kernel.spawn(self._client(*pair)) for pair in zip(requests, answers, strict=True)]
        deadline = self.kernel.now_ns + 2 * LIMIT * SECOND
        if not self.kernel.run_until(deadline, condition=lambda: all(client.done for client in clients)):
            raise TimeoutError(f"no answer within {LIMIT} simulated seconds")
        return [bytes(answer) for answer in answers]

    async def _client(self, asked: Asked, answer: bytearray) -> None:
        await self.kernel.sleep(int(asked.at * SECOND))
        deadline = self.kernel.now_ns + int(asked.patience * SECOND)
        try:
            endpoint = await self.machine.network.connect(self.net, ("127.0.0.1", asked.port))
            for piece in asked.pieces:
                await (endpoint.send(piece) if isinstance(piece, bytes) else self.kernel.sleep(int(piece * SECOND)))
            while not whole_answer(bytes(answer), asked.raw):
                while (data := endpoint.try_recv(65536)) is None:
                    if not await endpoint.readers.wait(deadline - self.kernel.now_ns):
                        break
                if not data:
                    break
                answer.extend(data)
            endpoint.close()
        except OSError:
            return

    def wait(self, seconds: float) -> None:
        """Lets time pass."""
        self.kernel.run_until(self.kernel.now_ns + int(seconds * SECOND))

    def close(self) -> None:
        """Raises what went wrong in the program itself."""
        if self.machine.crashes:
            raise self.machine.crashes[0][1]
        self.kernel.close()


def validate_in_mock(config: str) -> tuple[int | None, str]:
    """What `envoy --mode validate` of the mock says: exit code and output."""
    world = MockWorld(config, (), {}, ["envoy", "--mode", "validate", "-c", "/work/envoy.yaml", "-l", "error"])
    world.close()
    return world.container.exit_code, world.err.decode() + world.out.decode()
