"""An interactive shell: prompts, history, job control, and going on after errors."""

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from podlab.mock.machine.descriptors import O_APPEND, O_CREAT, O_RDONLY, O_WRONLY
from podlab.mock.shell import waiting
from podlab.mock.shell.completion import Completer
from podlab.mock.shell.encoding import from_bytes, to_bytes, to_machine
from podlab.mock.shell.ending import run_guarded, settle_status
from podlab.mock.shell.errors import Exit, Interrupt
from podlab.mock.shell.jobcontrol import follow_monitor
from podlab.mock.shell.jobs import job_line
from podlab.mock.shell.lineedit import EndOfInput, Interrupted, LineEditor, TimedOut
from podlab.mock.shell.mail import Mailboxes
from podlab.mock.shell.prompt import Prompt, PromptValues, read_prompt
from podlab.mock.shell.reader import BLOCK, StreamReader
from podlab.mock.shell.simple import shell_prompt

if TYPE_CHECKING:
    from podlab.mock.shell.shell import Shell

MAX_END_OF_FILES: Final = 50
HISTORY_LINES: Final = 255
_NUMBER: Final = re.compile(r"[ \t]*\+?([0-9]{1,9})")


class Interactive:
    """The session of an interactive shell.

    Args:
        shell: The shell.
    """

    def __init__(self, shell: "Shell") -> None:
        self.shell = shell
        self.on_terminal = shell.process.isatty(0)
        self.values = PromptValues(shell.process, shell.variables.get)
        self.mailboxes = Mailboxes(shell)
        self.editor = LineEditor(shell.process, partial(shell.write, 1), Completer(shell)) if self.on_terminal else None
        shell.editor = self.editor

    async def begin(self) -> None:
        """Begins job control, and reads the history."""
        await follow_monitor(self.shell)
        if self.editor is not None:
            await self._load_history()

    async def run(self) -> BaseException | None:
        """Reads and runs commands until the end of the input, or `exit`. Returns what ended the shell."""
        shell = self.shell
        reader = StreamReader(self._more, shell.aliases)
        ends = 0
        while True:
            ended = await run_guarded(shell, self._turn(reader))
            if isinstance(ended, _End):
                ends += 1
                if ends >= MAX_END_OF_FILES or not await self._stay():
                    return None
                reader.forget()
                continue
            ends = 0
            if isinstance(ended, Exit):
                return ended
            if ended is not None:
                self._recover(ended, reader)
                if isinstance(ended, Interrupt):
                    await shell.err("\n")
            elif shell.skip.startswith("return"):
                shell.skip = ""
                return None

    async def _turn(self, reader: StreamReader) -> None:
        """Reads and runs one command."""
        shell = self.shell
        await self._show_changed_jobs()
        if self.mailboxes.have_changed():
            await shell.err("you have mail\n")
        command = await shell.next_command(reader)
        if command is None:
            raise _End
        shell.job_warning >>= 1
        if command.node is not None:
            await shell.evaluate(command.node, 0)
        elif shell.traps.pending:
            await shell.traps.run_pending()

    def _recover(self, ended: BaseException, reader: StreamReader) -> None:
        settle_status(self.shell, ended)
        self.shell.variables.pop_scopes(0)
        self.shell.function_depth = 0
        reader.forget()

    async def _stay(self) -> bool:
        """At the end of the input: whether the shell goes on all the same."""
        from podlab.mock.shell.builtins.control import warn_of_stopped_jobs

        shell = self.shell
        if await warn_of_stopped_jobs(shell):
            return True
        if shell.options.ignoreeof:
            await shell.err('\nUse "exit" to leave shell.\n')
            return True
        await shell.err("\n")
        return False

    async def _show_changed_jobs(self) -> None:
        shell = self.shell
        if not shell.job_control:
            return
        await waiting.collect_finished(shell)
        for job in list(shell.jobs.order):
            if job.changed:
                line = job_line(job, shell.jobs, with_pids=False)
                job.changed = False
                if job.state == "done":
                    shell.jobs.forget(job)
                await shell.err(line)

    # --- input ---

    async def _more(self, begun: bool) -> bytes:
        shell = self.shell
        prompt = await self._prompt("PS2" if begun else "PS1")
        if self.editor is None:
            await shell.err(prompt.text)
            return await self._plain_input()
        known = len(self.editor.history)
        while True:
            try:
                line = await self.editor.read_line(prompt, self._idle_seconds())
                break
            except Interrupted:
                await shell.write(1, b"^C\n")
                shell.status = 130
                if 2 in shell.traps.actions:
                    shell.process.kill(shell.process.pid, 2)
                    return b"\n"
                raise Interrupt from None
            except EndOfInput:
                return b""
            except TimedOut:
                await shell.write(1, b"\atimed out waiting for input: auto-logout\n")
                raise Exit(shell.status) from None
            except InterruptedError:
                await shell.write(1, b"\n")
                await shell.after_interruption()
                return b"\n"
        if len(self.editor.history) > known:
            await self._save(self.editor.history[-1])
        return to_bytes(line)

    def _idle_seconds(self) -> int | None:
        """How long a key may be waited for (`TMOUT`); None for ever."""
        match = _NUMBER.match(self.shell.variables.get("TMOUT") or "")
        return (int(match[1]) or None) if match else None

    async def _plain_input(self) -> bytes:
        while True:
            try:
                return await self.shell.process.read(0, BLOCK)
            except InterruptedError:
                await self.shell.after_interruption()
                if self.shell.traps.pending:
                    await self.shell.traps.run_pending()

    async def _prompt(self, name: str) -> Prompt:
        shell = self.shell
        status = shell.status
        text = await shell_prompt(shell, shell.variables.get(name) or "", keep_backslashes=True)
        shell.status = status
        if "\\u" in text and not self.values.user:
            await self.values.find_user()
        return read_prompt(text, self.values)

    # --- history ---

    def _history_file(self) -> str | None:
        variables = self.shell.variables
        if variables.get("HISTFILE") is None and variables.get("HOME") is not None:
            variables.set("HISTFILE", f"{(variables.get('HOME') or '').rstrip('/')}/.ash_history")
        return variables.get("HISTFILE")

    async def _load_history(self) -> None:
        path = self._history_file()
        assert self.editor is not None
        if path is None:
            return
        process = self.shell.process
        try:
            fd = await process.open(to_machine(path), O_RDONLY)
            text = from_bytes(await process.read_all(fd, 1 << 20))
            process.close(fd)
        except OSError:
            return
        self.editor.history = [line for line in text.split("\n") if line][-HISTORY_LINES:]

    async def _save(self, line: str) -> None:
        path = self._history_file()
        if path is None:
            return
        process = self.shell.process
        try:
            fd = await process.open(to_machine(path), O_WRONLY | O_CREAT | O_APPEND, 0o600)
            await process.write(fd, to_bytes(line + "\n"))
            process.close(fd)
        except OSError:
            return


class _End(Interrupt):
    """The input has ended."""
