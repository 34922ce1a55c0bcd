"""What processes that do nothing but grade leave out."""

import sys
from typing import Final

FORMATS: Final = ("rfc3987_syntax", "rfc3986_validator", "rfc3339_validator", "isoduration", "webcolors", "uri_template", "fqdn")


def lighten() -> None:
    """To be called before nbformat is imported.

    nbformat brings jsonschema, and that builds grammars for formats of URIs, durations and colours, which no notebook has: more
    than a second in each process. jsonschema does without them where they are not installed.
    """
    for name in FORMATS:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
