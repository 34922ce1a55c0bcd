"""The applet find: it goes through the trees."""

import stat as st

from podlab.mock.machine.files import Stat
from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.files.find.parser import Expression, Parser, Unrecognized
from podlab.mock.programs.files.find.predicates import Batch, Candidate, Quit, Settings, printer
from podlab.mock.programs.files.paths import FILE_COST_NS, join
from podlab.mock.programs.users import read_accounts
from podlab.mock.shell.trampoline import Call as Deep


@applet("find", None, ignores_output_errors=True)
async def find(call: Call) -> int:
    """Looks for files."""
    words = call.operands
    settings = Settings(call, await read_accounts(call.proc))
    while words and words[0] in ("-H", "-L", "-P"):
        settings.follow = words[0] == "-L"
        settings.follow_first = words[0] == "-H"
        words = words[1:]
    count = next((index for index, word in enumerate(words) if word[:1] == "-" or word in ("(", "!")), len(words))
    paths, words = words[:count] or ["."], words[count:]
    try:
        expression = Parser(words, settings).parse()
    except Unrecognized as error:
        await call.warn(f"unrecognized: {error}")
        call.usage()
    if not settings.has_action:
        show = printer("\n")(settings)
        expression = Expression((((expression.holds, False), (show, False)),))
    search = _Search(settings, expression)
    try:
        for path in paths:
            await search.look(path, 0, None)
    except Quit:
        return search.code  # what `-exec ... +` has gathered is left
    return search.code | await _flush(expression)


async def _flush(expression: Expression) -> int:
    """Runs what `-exec ... +` has gathered, outside of parentheses, up to what fails. Returns the exit status."""
    for predicates in expression.alternatives:
        for predicate, inverted in predicates:
            if isinstance(predicate, Batch) and predicate.waits and await predicate.flush() == inverted:
                return 1
    return 0


class _Search:
    """One run of find."""

    def __init__(self, settings: Settings, expression: Expression) -> None:
        self.settings = settings
        self.expression = expression
        self.proc = settings.call.proc
        self.code = 0

    def _stat(self, path: str, depth: int) -> Stat:
        if self.settings.follow or (self.settings.follow_first and depth == 0):
            try:
                return self.proc.stat(path)
            except OSError:
                pass  # a link that leads nowhere is itself
        return self.proc.lstat(path)

    async def look(self, path: str, depth: int, device: int | None) -> None:
        """Looks at a path and what is below it. Raises Quit."""
        settings = self.settings
        await self.proc.cpu(FILE_COST_NS)
        try:
            stat = self._stat(path, depth)
        except OSError as error:
            await settings.call.warn_of(path, error)
            self.code = 1
            return
        if settings.one_file_system:
            if device is not None and stat.dev != device:
                return
            device = stat.dev
        file = Candidate(path, stat, depth)
        if depth >= settings.min_depth and not settings.depth_first:
            await self.expression.holds(file)
        if st.S_ISDIR(stat.mode) and depth < settings.max_depth and not file.prune:
            await self._descend(path, depth, device)
        if depth >= settings.min_depth and settings.depth_first:
            await self.expression.holds(file)

    async def _descend(self, path: str, depth: int, device: int | None) -> None:
        try:
            names = self.proc.listdir(path)
        except OSError as error:
            await self.settings.call.warn_of(path, error)
            self.code = 1
            return
        for name in names:
            await Deep(self.look(join(path, name), depth + 1, device))
