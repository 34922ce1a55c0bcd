"""Reads the type declarations of the installed ``kubernetes`` package from its model *files*.

Importing that package takes most of a second; the source of one model takes less than a millisecond. Three things are cut out of
a file's text: the ``openapi_types`` and ``attribute_map`` literals, and which attributes are required. Both generations of the
generated code are understood (plain classes with setters, and pydantic models).
"""

import importlib.util
import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from podlab.mock.api.errors import InternalError

_LITERAL = r"    {name}(?:: [^=]+)? = \{{(.*?)\}}"
_TYPES = re.compile(_LITERAL.format(name="openapi_types"), re.DOTALL)
_NAMES = re.compile(_LITERAL.format(name="attribute_map"), re.DOTALL)
_PAIR = re.compile(r"""['"]([^'"]+)['"]: ['"]([^'"]+)['"]""")
_REQUIRED_FIELD = re.compile(r"^    (\w+): (?!Optional\[|ClassVar|Any\b)", re.MULTILINE)
_REQUIRED_SETTER = re.compile(r"Invalid value for `(\w+)`, must not be `None`")
_CLASS_DOC = re.compile(r'^class \w+\([^)]*\):\n    """\n?(.*?)\n\n', re.MULTILINE | re.DOTALL)
_DESCRIPTION = r'^    {attribute}: .*?description="((?:[^"\\]|\\.)*)"'
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


class Attribute(NamedTuple):
    """One field as the models have it: JSON name, type (``List[V1Container]``), whether it is required, Python name."""

    name: str
    type: str
    required: bool
    attribute: str


@cache
def models_directory() -> Path:
    """Where the models are."""
    spec = importlib.util.find_spec("kubernetes")
    if spec is None or not spec.submodule_search_locations:
        raise InternalError(
            "the package `kubernetes` is not installed; its models are the mock's schema (pip install kubernetes)"
        )
    return Path(spec.submodule_search_locations[0]) / "client" / "models"


@cache
def _files() -> dict[str, str]:
    """Model class names, lower-cased, to file names: ``v1podspec`` -> ``v1_pod_spec.py``."""
    return {path.name[:-3].replace("_", ""): path.name for path in models_directory().glob("*.py")}


def exists(model: str) -> bool:
    """Whether there is a model of that class name (``V1PodSpec``)."""
    return model.lower() in _files()


@lru_cache(maxsize=64)
def _source(model: str) -> str:
    return (models_directory() / _files()[model.lower()]).read_text(encoding="utf-8")


@cache
def attributes(model: str) -> tuple[Attribute, ...]:
    """The fields of a model, in its own (alphabetical) order."""
    source = _source(model)
    types, names = _TYPES.search(source), _NAMES.search(source)
    if not types or not names:
        return ()
    required = set(_REQUIRED_SETTER.findall(source))
    if "BaseModel" in source:
        required = set(_REQUIRED_FIELD.findall(source[: types.start()]))
    json_names = dict(_PAIR.findall(names[1]))
    return tuple(
        Attribute(
            json_names[attribute],
            type_.replace("list[", "List[").replace("dict(", "Dict[").replace(")", "]"),
            attribute in required,
            attribute,
        )
        for attribute, type_ in _PAIR.findall(types[1])
    )


def describe(model: str, name: str = "") -> str:
    """The description of a model, or of its field ``name``; empty if the models have none."""
    source = _source(model)
    if not name:
        found = _CLASS_DOC.search(source)
        return found[1].strip() if found else ""
    attribute = next((field.attribute for field in attributes(model) if field.name == name), "")
    found = re.search(_DESCRIPTION.format(attribute=re.escape(attribute)), source, re.MULTILINE)
    return re.sub(r'\\(["\\])', r"\1", found[1]) if found else ""
