"""Field splitting: what an expansion's result becomes when it is not quoted."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

IFS_BLANKS: Final = " \t\n\0"
_DEFAULT_FIELDS: Final = re.compile("[^ \t\n\0]+")


class Region(NamedTuple):
    """A part of a word that is to be split.

    At IFS, or (`only_nul`, for "$@") only between parameters, which are joined by NUL characters.
    """

    begin: int
    end: int
    only_nul: bool


@lru_cache(maxsize=64)
def _separators(ifs: str) -> re.Pattern[str]:
    return re.compile("[" + re.escape(ifs) + "\0]")


def split_fields(text: str, regions: list[Region], ifs: str) -> list[str]:
    """Splits a word into fields.

    IFS blanks (space, tab, newline) around a field vanish, every other IFS character ends a field, even an empty one. What lies
    outside the regions is never split. A NUL separates parameters and counts as a blank.
    """
    if not regions:
        return [text] if text else []
    if len(regions) == 1 and ifs == " \t\n" and regions[0] == (0, len(text), False):
        return _DEFAULT_FIELDS.findall(text)
    splitter = _Splitter(text, ifs)
    for region in regions:
        splitter.region(region)
    if splitter.only_nul or splitter.start < len(text):
        splitter.fields.append(text[splitter.start :])
    return splitter.fields


class _Splitter:
    """The state of a split: the fields so far, and where the next begins."""

    __slots__ = ("fields", "ifs", "only_nul", "start", "text")

    def __init__(self, text: str, ifs: str) -> None:
        self.text = text
        self.ifs = ifs
        self.fields: list[str] = []
        self.start = 0
        self.only_nul = False

    def region(self, region: Region) -> None:
        """Ends fields where separators stand in the region."""
        after_nul, self.only_nul = self.only_nul, region.only_nul
        text, end = self.text, region.end
        separators = _separators("" if region.only_nul else self.ifs)
        blank = False
        index = region.begin
        while match := separators.search(text, index, end):
            index = match.start()
            if not (after_nul or region.only_nul):
                blank = text[index] in IFS_BLANKS
            if index == self.start and blank:
                index += 1
                self.start = index
                continue
            self.fields.append(text[self.start : index])
            index += 1
            if not region.only_nul:
                index = self._skip(separators, index, end, blank)
            self.start = index

    def _skip(self, separators: re.Pattern[str], index: int, end: int, blank: bool) -> int:
        """Goes past the blanks after a separator, and past one more separator when the first was a blank."""
        while index < end and separators.match(self.text, index):
            if self.text[index] not in IFS_BLANKS:
                if not blank:
                    break
                blank = False
            index += 1
        return index
