"""env and printenv."""

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.process.running import execute

LONG_OPTIONS = {"ignore-environment": "i", "unset": "u", "null": "0"}


@applet("env", "+iu:0", long_options=LONG_OPTIONS)
async def env(call: Call) -> int:
    """Prints the environment, or runs a program in a changed one."""
    options, proc = call.options, call.proc
    words = call.operands
    clear = "i" in options
    if words[:1] == ["-"]:
        clear, words = True, words[1:]
    environment = {} if clear else dict(proc.env)
    for name in options.all("u"):
        environment.pop(name, None)
    while words and "=" in words[0]:
        name, _, value = words[0].partition("=")
        environment[name] = value
        words = words[1:]
    if not words:
        end = "\0" if "0" in options else "\n"
        for name, value in environment.items():
            await call.out.write_text(f"{name}={value}{end}")
        return 0
    proc.env = environment
    return await execute(call, words)


@applet("printenv", None)
async def printenv(call: Call) -> int:
    """Prints variables."""
    code = 0
    if not call.operands:
        for name, value in call.proc.env.items():
            await call.out.write_text(f"{name}={value}\n")
    for name in call.operands:
        if name in call.proc.env:
            await call.out.write_text(f"{call.proc.env[name]}\n")
        else:
            code = 1
    return code
