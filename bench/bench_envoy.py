"""Requests through two proxies, one behind the other: wall time and requests a second.

python bench/bench_envoy.py [REQUESTS]
"""

import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from podlab.mock.kernel import SECOND
from tests.envoy.cases import APP, cluster, http
from tests.envoy.mock_world import MockWorld
from tests.envoy.wire import whole_answer

ROUTE = "{match: {prefix: /}, route: {cluster: %s}}"
SECOND_PROXY = http(ROUTE % "app", (APP,)).replace("@LISTEN@", "@LISTEN2@").replace("@ADMIN@", "@APP3@")


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    world = MockWorld(http(ROUTE % "next", (cluster("next", "LISTEN2"),)), ("APP",), {})
    world.start_another("second", SECOND_PROXY)
    good = [0]

    async def client() -> None:
        endpoint = await world.machine.network.connect(world.net, ("127.0.0.1", world.ports["LISTEN"]))
        for _ in range(count):
            await endpoint.send(b"GET /name HTTP/1.1\r\nhost: a\r\n\r\n")
            answer = b""
            while not whole_answer(answer, b""):
                answer += await endpoint.recv()
            good[0] += answer.startswith(b"HTTP/1.1 200")
        endpoint.close()

    task = world.kernel.spawn(client())
    simulated, started, worked = world.kernel.now_ns, time.perf_counter(), time.process_time()
    world.kernel.run_until(condition=lambda: task.done)
    took, worked = time.perf_counter() - started, time.process_time() - worked
    simulated = world.kernel.now_ns - simulated
    rate = f"{count / took:.0f}/s ({count / worked:.0f} in a second of processor time)"
    print(f"{good[0]} of {count} requests through two proxies: {took:.1f} s, {rate}; {simulated / SECOND:.2f} s simulated")


if __name__ == "__main__":
    main()
