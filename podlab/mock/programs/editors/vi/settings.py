"""The options that :set knows."""

from typing import Final

from podlab.mock.programs.editors.vi.editor import Editor

_NAMES: Final = {"ai": "autoindent", "et": "expandtab", "fl": "flash", "ic": "ignorecase", "sm": "showmatch", "ts": "tabstop"}
_SWITCHES: Final = ("autoindent", "expandtab", "flash", "ignorecase", "showmatch")
_MOST_TABSTOP: Final = 32


def set_options(ed: Editor, words: str) -> None:
    """Turns options on and off, or shows them all."""
    if words in ("", "all"):
        shown = "".join(f"{'' if name in ed.options else 'no'}{name} " for name in _SWITCHES)
        ed.screen.complain(f"{shown}tabstop={ed.text.tabstop}")
        return
    for word in words.split():
        if not _set(ed, word):
            ed.screen.complain(f"bad option: {word}")


def _set(ed: Editor, word: str) -> bool:
    off = word.startswith("no")
    name, equals, value = word[2 if off else 0 :].partition("=")
    name = _NAMES.get(name, name)
    if name == "tabstop":
        if off or not equals or not value.isascii() or not value.isdigit() or not 0 < int(value) <= _MOST_TABSTOP:
            return False
        ed.text.tabstop = int(value)
        return True
    if name not in _SWITCHES or equals:
        return False
    if off:
        ed.options.discard(name)
    else:
        ed.options.add(name)
    ed.text.ignore_case = "ignorecase" in ed.options
    return True
