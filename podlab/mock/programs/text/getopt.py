"""getopt: sorts a script's arguments into options and operands, and quotes them for eval."""

from dataclasses import dataclass, field
from typing import Final

from podlab.mock.programs.applet import Call, applet
from podlab.mock.programs.options import MAY, NEEDS, parse_spec

_LONG: Final = {
    "options": "o",
    "longoptions": "l",
    "quiet": "q",
    "quiet-output": "Q",
    "shell": "s",
    "test": "T",
    "unquoted": "u",
    "alternative": "a",
    "name": "n",
}
_TEST: Final = 4


@dataclass(slots=True)
class _Sorter:
    """The arguments of a script as they are sorted.

    Attributes:
        short, long: What each option takes: nothing, `:` or `::`.
        order: How operands are taken: `permute`, `first` (they end the options) or `in place`.
        alternative: Whether one dash may begin a long option.
    """

    short: dict[str, str]
    long: dict[str, str]
    order: str
    alternative: bool
    shown: list[tuple[bool, str]] = field(default_factory=list)
    operands: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def run(self, words: list[str]) -> None:
        """Sorts all words."""
        words = list(words)
        while words:
            word = words.pop(0)
            if word == "--":
                self.operands += words
                return
            if len(word) < 2 or not word.startswith("-"):
                if self.order == "first":
                    self.operands += [word, *words]
                    return
                if self.order == "in place":
                    self.shown.append((False, word))
                else:
                    self.operands.append(word)
            elif word.startswith("--") or self._is_long(word):
                self._long(word, words)
            else:
                self._short(word, words)

    def _is_long(self, word: str) -> bool:
        """Whether a word with one dash is a long option: it may be one, and is no short one."""
        name = word[1:].partition("=")[0]
        return self.alternative and (bool(self._matches(name)) or word[1] not in self.short)

    def _matches(self, name: str) -> list[str]:
        return [name] if name in self.long else [full for full in self.long if full.startswith(name)]

    def _short(self, word: str, words: list[str]) -> None:
        at = 1
        while at < len(word):
            letter = word[at]
            at += 1
            kind = self.short.get(letter)
            if kind is None:
                self.complaints.append(f"invalid option -- '{letter}'")
                continue
            argument = word[at:]
            if kind == NEEDS and not argument:
                if not words:
                    self.complaints.append(f"option requires an argument -- '{letter}'")
                    return
                argument = words.pop(0)
            self._add(f"-{letter}", kind, argument)
            if kind:
                return

    def _long(self, word: str, words: list[str]) -> None:
        name, equals, argument = word.lstrip("-").partition("=")
        matches = self._matches(name)
        if len(matches) != 1:
            listed = "".join(f" '--{full}'" for full in matches)
            self.complaints.append(
                f"option '{word}' is ambiguous; possibilities:{listed}" if matches else f"unrecognized option '{word}'"
            )
            return
        kind = self.long[matches[0]]
        if equals and not kind:
            self.complaints.append(f"option '--{matches[0]}' doesn't allow an argument")
            return
        if kind == NEEDS and not equals:
            if not words:
                self.complaints.append(f"option '--{matches[0]}' requires an argument")
                return
            argument = words.pop(0)
        self._add(f"--{matches[0]}", kind, argument)

    def _add(self, option: str, kind: str, argument: str) -> None:
        self.shown.append((True, option))
        if kind:
            self.shown.append((False, argument))


def _long_options(texts: list[str]) -> dict[str, str]:
    found = {}
    for name in (name for text in texts for name in text.replace(",", " ").split()):
        bare = name.rstrip(":")
        found[bare] = MAY if name.endswith("::") else NEEDS if name.endswith(":") else ""
    return found


def _quoted(text: str, for_csh: bool) -> str:
    replaced = text.replace("'", "'\\''")
    if for_csh:
        for char, escape in (("!", "'\\!'"), ("\n", "\\n"), (" ", "'\\ '"), ("\t", "'\\t'")):
            replaced = replaced.replace(char, escape)
    return f"'{replaced}'"


@applet("getopt", "+o:n:qQs:Tual:", long_options=_LONG)
async def getopt(call: Call) -> int:
    """Prints the arguments sorted and quoted."""
    options, words = call.options, list(call.operands)
    compatible = "GETOPT_COMPATIBLE" in call.proc.env
    if "T" in options:
        return 0 if compatible else _TEST
    spec = options.get("o")
    plain = "u" in options
    if spec is None or compatible:
        if not words:
            if compatible:
                await call.out.write(b" --\n")
                return 0
            call.die("missing optstring argument")
        if spec is None:
            spec = words.pop(0).lstrip("-+") if compatible else words.pop(0)
            plain = plain or not call.proc.argv[1:2] or not call.proc.argv[1].startswith("-") or compatible
    shell = options.get("s") or "sh"
    if shell not in ("sh", "bash", "csh", "tcsh"):
        await call.warn(f"unknown shell '{shell}', assuming bash")
    sorter = _Sorter(parse_spec(spec.lstrip("+-")), _long_options(options.all("l")), _order(call, spec), "a" in options)
    sorter.run(words[1:] if words[:1] == ["--"] and "o" not in options else words)
    return await _show(call, sorter, plain, shell)


def _order(call: Call, spec: str) -> str:
    if "POSIXLY_CORRECT" in call.proc.env:
        return "first"
    return {"+": "first", "-": "in place"}.get(spec[:1], "permute")


async def _show(call: Call, sorter: _Sorter, plain: bool, shell: str) -> int:
    options = call.options
    if "q" not in options:
        for complaint in sorter.complaints:
            await call.error(f"{options.get('n') or 'getopt'}: {complaint}\n")
    if "Q" not in options:
        await call.out.write_text(_output(sorter, plain, shell.endswith("csh")) + "\n")
    return 1 if sorter.complaints else 0


def _output(sorter: _Sorter, plain: bool, for_csh: bool) -> str:
    def show(text: str) -> str:
        return text if plain else _quoted(text, for_csh)

    parts = [text if is_option else show(text) for is_option, text in sorter.shown]
    return "".join(f" {part}" for part in [*parts, "--", *map(show, sorter.operands)])
