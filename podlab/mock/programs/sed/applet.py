"""The applet sed: options, scripts and files."""

from podlab.mock.machine.descriptors import O_CREAT, O_EXCL, O_TRUNC, O_WRONLY
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.sed.editor import Editor, Output
from podlab.mock.programs.sed.parser import Parser
from podlab.mock.programs.streams import Reader, Writer, to_bytes

VERSION = "\1"
LONG_OPTIONS = {
    "in-place": "i",
    "regexp-extended": "r",
    "quiet": "n",
    "silent": "n",
    "expression": "e",
    "file": "f",
    "version": VERSION,
}
WRITE_ERROR = 4


class Input:
    """The lines of files one after the other."""

    def __init__(self, call: Call, names: list[str]) -> None:
        self.failed = False
        self.outputs: dict[str, Output] = {}
        self._call = call
        self._names = names[::-1]
        self._reader: Reader | None = None

    async def next(self) -> tuple[bytes, bytes] | None:
        """The next line and what ended it, or None."""
        while self._reader is not None or await self._open():
            assert self._reader is not None
            line = await self._reader.line()
            if line:
                return (line, b"") if self._reader.unterminated else (line[:-1], b"\n")
            self._reader.close()
            self._reader = None
        return None

    async def _open(self) -> bool:
        while self._names:
            name = self._names.pop()
            try:
                self._reader = await self._call.open(name)
            except OSError as error:
                for output in reversed(self.outputs.values()):
                    await output.writer.flush()
                await self._call.warn_of(name, error)
                self.failed = True
            else:
                return True
        return False


async def _read_script(call: Call, parser: Parser) -> list[str]:
    """Hands the script to the parser: what -e and -f give, or the first operand. Returns the files to edit."""
    options, files = call.options, call.operands
    for text in options.all("e"):
        parser.add_block(to_bytes(text))
    for path in options.all("f"):
        await _add_file(call, parser, path)
    if options.any("ef"):
        return files
    if not files:
        call.usage()
    parser.add_block(to_bytes(files[0]))
    return files[1:]


@applet("sed", "i::rEne:f:" + VERSION, long_options=LONG_OPTIONS, ignores_output_errors=True)
async def sed(call: Call) -> int:
    """Edits streams of text."""
    options = call.options
    if VERSION in options:  # what configure scripts look for
        await call.out.write(b"This is not GNU sed version 4.0\n")
        return 0
    parser = Parser(extended=options.any("rE"))
    try:
        files = await _read_script(call, parser)
        commands = parser.finish()
    finally:  # whatever is wrong further on, the files that were named are empty
        outputs = await _open_outputs(call, parser.written)
    quiet = "n" in options or parser.quiet
    editor = Editor(call, commands, quiet, outputs, parser.last_regex)
    if "i" in options:
        if not files:
            call.die("-i requires an argument")
        code = await _edit_in_place(call, editor, files)
    else:
        source = Input(call, files or ["-"])
        source.outputs = outputs
        try:
            await editor.run(source)
        except OSError as error:
            if error is call.out.failed:
                call.die("write error", WRITE_ERROR)
            raise
        code = int(source.failed)
    for output in reversed(editor.files.values()):
        await output.writer.flush()
    return code


async def _add_file(call: Call, parser: Parser, path: str) -> None:
    try:
        reader = await call.open(path)
    except OSError as error:
        call.die_of(path, error)
    text = await reader.read_all()
    if text.startswith(b"#!"):
        text = text.partition(b"\n")[2] if b"\n" in text else b""
    parser.add_block(text.removesuffix(b"\n"))
    reader.close()


async def _open_outputs(call: Call, names: list[str]) -> dict[str, Output]:
    """Opens the files that the script writes to, when it starts."""
    outputs: dict[str, Output] = {}
    for name in dict.fromkeys(names):
        try:
            fd = await call.proc.open(name, O_WRONLY | O_CREAT | O_TRUNC)
        except OSError as error:
            call.die_of(f"can't open '{name}'", error)
        outputs[name] = Output(Writer(call.proc, fd))
    return outputs


async def _edit_in_place(call: Call, editor: Editor, names: list[str]) -> int:
    """-i: edits each file into a new one that takes its place."""
    proc = call.proc
    suffix = call.options.get("i") or ""
    random = proc.kernel.random("sed")
    code = 0
    for name in names:
        try:
            before = proc.stat(name)
        except OSError as error:
            await call.warn_of(name, error)
            code = 1
            continue
        temporary = name + "".join(random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(6))
        fd = await proc.open(temporary, O_WRONLY | O_CREAT | O_EXCL, 0o600)
        proc.chmod(temporary, before.mode & 0o7777)
        if proc.uid == 0:
            proc.chown(temporary, before.uid, before.gid)
        editor.output = Output(Writer(proc, fd))
        editor.number = 0
        try:
            await editor.run(Input(call, [name]))
            await editor.output.writer.flush()
        except Exception:
            proc.unlink(temporary)
            raise
        proc.close(fd)
        if suffix:
            proc.rename(name, name + suffix)
        try:
            proc.rename(temporary, name)
        except OSError as error:
            call.die_of(f"can't move '{temporary}' to '{name}'", error)
        for command in editor.commands:
            command.rewind()
    return code
