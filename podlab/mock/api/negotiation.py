"""Media types: what a client accepts, and in what a body is written.

Answers are JSON or YAML. Protobuf is read, not written: clients that offer to accept it accept JSON too.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from podlab.mock.api import protobuf
from podlab.mock.api.errors import NotAcceptable, UnsupportedMediaType

JSON: Final = "application/json"
YAML: Final = "application/yaml"
PROTOBUF: Final = protobuf.MEDIA_TYPE
MERGE_KINDS: Final = ("Table", "PartialObjectMetadata", "PartialObjectMetadataList")
DISCOVERY_KIND: Final = "APIGroupDiscoveryList"
_ANY: Final = {"*/*": JSON, "application/*": JSON}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to answer in.

    Attributes:
        media: `JSON` or `YAML`.
        kind: ``Table``, ``PartialObjectMetadata`` ... when the client asks for another kind than the stored one; else ``""``.
    """

    media: str
    kind: str = ""


@lru_cache(maxsize=256)
def negotiate(accept: str, watch: bool = False, discovery: bool = False) -> Wanted:
    """The first thing in an ``Accept`` header that is served. Raises NotAcceptable.

    Args:
        accept: the header.
        watch: a watch, which is streamed as JSON only.
        discovery: a discovery document, which has an aggregated form.
    """
    if not accept.strip():
        return Wanted(JSON)
    for clause in accept.split(","):
        found = _match(clause, watch, discovery)
        if found is not None:
            return found
    raise NotAcceptable((JSON, YAML) if not watch else (f"{JSON};stream=watch",))


def _match(clause: str, watch: bool, discovery: bool) -> Wanted | None:
    name, *rest = (part.strip() for part in clause.split(";"))
    parameters = dict(part.partition("=")[::2] for part in rest)
    media = _ANY.get(name.lower(), name.lower())
    if media not in (JSON, YAML) or (watch and media == YAML):
        return None
    kind = parameters.get("as", "")
    if not kind:
        return Wanted(media)
    if discovery:
        served = (kind, parameters.get("g"), parameters.get("v")) == (DISCOVERY_KIND, "apidiscovery.k8s.io", "v2")
    else:
        served = kind in MERGE_KINDS and parameters.get("g") == "meta.k8s.io" and parameters.get("v") == "v1"
    return Wanted(media, kind) if served else None


def body_type(content_type: str) -> str:
    """The media type of a body that is read as an object; without a header it is JSON. Raises UnsupportedMediaType."""
    media = content_type.partition(";")[0].strip().lower()
    if not media:
        return JSON
    if media not in (JSON, YAML, PROTOBUF):
        raise UnsupportedMediaType((JSON, YAML, PROTOBUF))
    return media
