"""setarch, linux32, linux64: programs that see a machine of another word size."""

from dataclasses import replace

from podlab.mock.machine.core import PER_LINUX, PER_LINUX32
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.options import parse
from podlab.mock.programs.process.running import SHELL, execute

_PERSONALITIES = {"3": PER_LINUX32, "6": PER_LINUX}


@applet("setarch linux32 linux64", None)
async def setarch(call: Call) -> int:
    """Becomes a program, or a shell, on such a machine; addresses are not random here, with or without -R."""
    words = [call.name, *call.operands]
    if call.name == "setarch" and len(words) > 1 and words[1].startswith("linux"):
        del words[0]
        call.applet = replace(call.applet, name=words[0])
        call.name = words[0]
    personality = _PERSONALITIES.get(words[0][5:6])
    if personality is None:
        call.usage()
    _, program = parse("+R", {}, words[1:])
    call.proc.personality = personality
    return await execute(call, program or [SHELL])
