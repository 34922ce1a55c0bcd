"""The links of an HTML page, rewritten where they stand: in the attributes that HTML 4 gives to URLs.

A page comes from whatever runs in a pod, so every pattern here is linear in the page's length.
"""

import html
import re
from collections.abc import Callable
from typing import Final

_URLS: Final = {
    "a": ("href",), "applet": ("codebase",), "area": ("href",), "audio": ("src",), "base": ("href",), "blockquote": ("cite",),
    "body": ("background",), "button": ("formaction",), "command": ("icon",), "del": ("cite",), "embed": ("src",),
    "form": ("action",), "frame": ("longdesc", "src"), "head": ("profile",), "html": ("manifest",),
    "iframe": ("longdesc", "src"), "img": ("longdesc", "src", "usemap"), "input": ("src", "usemap", "formaction"),
    "ins": ("cite",), "link": ("href",), "object": ("classid", "codebase", "data", "usemap"), "q": ("cite",),
    "script": ("src",), "source": ("src",), "video": ("poster", "src"),
}  # fmt: skip

_COMMENT: Final = "<!--"
_TEXT_ONLY: Final = frozenset({"script", "style", "textarea", "title"})
"""Elements whose content has no tags."""
_START: Final = re.compile(rf"""{_COMMENT}|<([a-z][a-z0-9]*)(?:[^"'<>]|"[^"]*"|'[^']*')*>""", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(r"""(?<=[\s"'/])([^\s"'<>/=]++)(\s*+=\s*+)("[^"]*"|'[^']*'|[^\s"'>]+)""")


def rewrite_links(page: bytes, rewrite: Callable[[str], str]) -> bytes:
    """A page whose URLs have gone through ``rewrite``; all else stays as it is, byte for byte."""
    text = page.decode("utf-8", "surrogateescape")
    lower = text.lower() if text.isascii() else "".join(char.lower() if char.isascii() else char for char in text)
    pieces, at = [], 0
    while (match := _START.search(text, at)) is not None:
        name = (match[1] or "").lower()
        tag = _rewrite_tag(match.group(), _URLS[name], rewrite) if name in _URLS else match.group()
        pieces += [text[at : match.start()], tag]
        at = match.end()
        end_mark = "-->" if match.group() == _COMMENT else f"</{name}" if name in _TEXT_ONLY else ""
        if end_mark:
            end = lower.find(end_mark, at)
            end = len(text) if end < 0 else end
            pieces.append(text[at:end])
            at = end
    return "".join([*pieces, text[at:]]).encode("utf-8", "surrogateescape")


def _rewrite_tag(tag: str, attributes: tuple[str, ...], rewrite: Callable[[str], str]) -> str:
    def attribute(match: re.Match[str]) -> str:
        name, equals, value = match.groups()
        if name.lower() not in attributes:
            return match.group()
        url = html.unescape(value[1:-1] if value[0] in "\"'" else value)
        rewritten = rewrite(url)
        return match.group() if rewritten == url else f'{name}{equals}"{html.escape(rewritten)}"'

    return _ATTRIBUTE.sub(attribute, tag)
