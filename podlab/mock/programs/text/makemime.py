"""makemime: files as a message of several parts."""

import base64
from typing import Final

from podlab.mock.machine.descriptors import O_CREAT, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.paths import last_component
from podlab.mock.programs.streams import Writer

LINE_BYTES: Final = 57
"""What a line of the encoded text holds."""


@applet("makemime", "c:e:o:C:N:a:m:j:")
async def makemime(call: Call) -> int:
    """Writes the headers, and each file encoded."""
    options, out = call.options, call.out
    path = options.get("o")
    if path is not None:
        out = Writer(call.proc, await call.proc.open(path, O_WRONLY | O_CREAT | O_TRUNC))
    random = call.proc.kernel.random("makemime")
    boundary = "-".join(str(random.randrange(1 << 31)) for _ in range(3))
    headers = "".join(f"{header}\n" for header in options.all("a"))
    await out.write_text(f'{headers}Mime-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n')
    kind = options.get("c") or "application/octet-stream"
    charset = options.get("C") or "us-ascii"
    for name in call.operands or ["-"]:
        await out.write_text(
            f"\n--{boundary}\nContent-Type: {kind}; charset={charset}\n"
            f'Content-Disposition: inline; filename="{last_component(name)}"\nContent-Transfer-Encoding: base64\n'
        )
        await _encode(call, out, name)
    await out.write_text(f"\n--{boundary}--\n\n")
    await out.flush()
    return 0


async def _encode(call: Call, out: Writer, name: str) -> None:
    """Writes a file in lines of text, the last without its newline."""
    await out.flush()
    reader = await call.open_or_die(name)
    while data := await reader.read_exactly(LINE_BYTES):
        await out.write(b"\n" + base64.b64encode(data))
    reader.close()
