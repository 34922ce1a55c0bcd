"""Scrubbing: whatever is different on every run becomes a word, so that clusters which behave alike are described alike.

The words are those of the recordings: `<uid>`, `<time>`, `<ip>`, `<hash>`, `<rand>`, `<age>`, `<ns>` and the like.
"""

import json
import re
from collections.abc import Iterable
from typing import Any, Final

_SAFE: Final = "bcdfghjklmnpqrstvwxz2456789"
"""The characters that Kubernetes makes random names of."""

_WORDS: Final = tuple(
    (re.compile(pattern), word)
    for pattern, word in (
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "<uid>"),
        (r"\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", "<time>"),
        (r"\b(containerd|docker|cri-o|podlab|mock)://[0-9a-f]{12,64}", "<container-id>"),
        (r"sha256:[0-9a-f]{64}", "sha256:<digest>"),
        (rf"(pod-template-hash[\"':= ]+)[{_SAFE}]{{6,10}}", r"\1<hash>"),
        (rf"-(?=[bcdf-hj-np-tv-z2456789]*\d?)([{_SAFE}]{{8,10}})-([{_SAFE}]{{5}})\b", "-<hash>-<rand>"),
        (rf"kube-api-access-[{_SAFE}]{{5}}", "kube-api-access-<rand>"),
        (r"\bin \d+(\.\d+)?(ms|s|µs)\b", "in <time>"),
        (rf"-(?=[a-z]*\d)([{_SAFE}]{{8,10}})\b", "-<hash>"),
        (r"Image size: \d+ bytes", "Image size: <n> bytes"),
        (r"\b(?!127\.|0\.0\.0\.0)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b", "<ip>"),
    )
)
_AGE: Final = re.compile(r"(?<=[\s(])(\d+d)?(\d+h)?(\d+m)?(\d+(\.\d+)?s)(?=[\s)])|<unknown>|<invalid>")
_SPACES: Final = re.compile(" {2,}")
_HASHED: Final = re.compile(rf"<hash>-[{_SAFE}]{{5}}(?![a-z0-9])")


def scrub(text: str, namespace: str) -> str:
    """The text, with words in place of what is random and of the namespace's name."""
    for pattern, word in _WORDS:
        text = pattern.sub(word, text)
    return text.replace(namespace, "<ns>")


def scrub_table(text: str, namespace: str) -> str:
    """What kubectl prints for people: as `scrub`, with ages, runs of spaces, repeated lines and the end folded."""
    lines = [_SPACES.sub("  ", _AGE.sub("<age>", line + " ")).rstrip() for line in scrub(text, namespace).splitlines()]
    return "\n".join(line for i, line in enumerate(lines) if i == 0 or line != lines[i - 1]).rstrip("\n")


def scrub_object(value: Any, namespace: str) -> Any:
    """An object, with `scrub` in all its strings, and without what only the server's bookkeeping needs."""
    scrubbed = json.loads(scrub(json.dumps(value), namespace))
    for noise in ("managedFields", "uid", "resourceVersion", "generation"):
        scrubbed["metadata"].pop(noise, None)
    return scrubbed


def anonymise(recording: Any, stems: Iterable[str]) -> Any:
    """A recording without the random ends of generated names that only their owner can tell from plain ones.

    Args:
        recording: JSON.
        stems: the `generateName`s of its pods.
    """
    text = json.dumps(recording)
    for stem in stems:
        if "<hash>" not in stem:
            text = re.sub(rf"(?<![\w-]){re.escape(stem)}[{_SAFE}]{{5}}(?![\w])", stem + "<rand>", text)
    return json.loads(_HASHED.sub("<hash>-<rand>", text))
