"""envoy: the proxy of service meshes, run from the very configuration files that the real one reads.

`main` reads the command line; `schema` (with the table `messages.txt`) and `checking` read the configuration; `server` makes a
proxy of it. A request comes in by `listeners` (and `tls`), goes through `http_connection`, `filters` and `router`, and out by
`upstream` to one of the `hosts`. What cannot be done is refused at start, by the field's name.
"""

from podlab.mock.machine.process import Process


async def envoy(proc: Process) -> int:
    """The program. Its modules are imported by the first container that runs it."""
    from podlab.mock.programs.envoy.main import main

    return await main(proc)
