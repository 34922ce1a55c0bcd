"""scriptreplay: shows again what `script` has recorded, at the pace that it had."""

import re
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.streams import to_bytes

TYPESCRIPT: Final = "typescript"
_FLOAT: Final = re.compile(rb"\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)")
_STEP: Final = re.compile(_FLOAT.pattern + rb"\s*(\d+)")


@applet("scriptreplay", None)
async def scriptreplay(call: Call) -> int:
    """Plays a recording."""
    if not call.operands:
        call.usage()
    timing, script, divisor = [*call.operands, *("", TYPESCRIPT, "1")[len(call.operands) :]][:3]
    match = _FLOAT.match(to_bytes(divisor))
    speed = float(match[1]) if match else 0.0
    steps = await call.open_or_die(timing)
    text = await call.open_or_die(script)
    while found := _STEP.match(await steps.line()):
        delay, count = float(found[1]), int(found[2])
        if delay > 0 and speed > 0:
            await call.out.flush()
            await call.proc.sleep(delay / speed)
        while count:
            piece = await text.read_exactly(min(count, 65_536))
            await call.out.write(piece)
            count -= len(piece)
            if not piece:
                await call.out.flush()
                call.die("short read")
        await call.out.flush()
    return 0
