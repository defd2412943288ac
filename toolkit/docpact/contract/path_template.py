"""The path template of an operation, and the instance references that fill it.

A template is like "/projects/{projectName}"; a reference has its values: PROJECT/JOB/ID.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final
from urllib.parse import quote, unquote

from docpact.contract.kinds import KINDS, WHOLE_NUMBERS, Kind
from docpact.contract.model import Contract
from docpact.core.errors import WrongConfiguration
from docpact.core.exchange import Request

_PLACEHOLDER: Final = re.compile(r"\{([^{}/]+)\}")
_MARKED_ON_PAGES: Final = re.compile(  # [name], {name}, ${name}, <name> or /:name
    r"\$?[\[{<]([A-Za-z_][A-Za-z0-9_]*)[\]}>]|(?<=/):([A-Za-z_][A-Za-z0-9_]*)(?=/|$)"
)


@dataclass(frozen=True, slots=True)
class PathTemplate:
    """A path with names in braces; it is the empty text where the page shows no path."""

    text: str
    names: tuple[str, ...]
    _path: re.Pattern[str] = field(repr=False, compare=False)  # a segment for each name
    _target: re.Pattern[str] = field(repr=False, compare=False)  # with what gateways add

    @staticmethod
    @lru_cache(maxsize=64)
    def parse(text: str) -> "PathTemplate":
        """The template that a text is."""
        fixed = [re.escape(each) for each in _PLACEHOLDER.split(text)[::2]]
        return PathTemplate(
            text,
            tuple(_PLACEHOLDER.findall(text)),
            re.compile("([^/]*)".join(fixed)),
            re.compile(f"(?P<prefix>.*?){'([^/]+)'.join(fixed)}/?"),
        )

    @staticmethod
    def on_page(path: str, names: Iterable[str] = ()) -> "PathTemplate":
        """The template that a page shows, whichever way it marks the names.

        Some editions mark nothing: "/clusters/ClusterId/status". There, a segment that is one of
        `names` is a name.
        """
        bare = path.partition("?")[0]
        marked = _MARKED_ON_PAGES.sub(lambda found: f"{{{found[1] or found[2]}}}", bare)
        template = PathTemplate.parse(marked)
        return template if "{" in marked else template.naming({each: each for each in names})

    def naming(self, segments: Mapping[str, str]) -> "PathTemplate":
        """The template with names in place of fixed segments."""
        named = (
            f"{{{segments[each]}}}" if each in segments else each for each in self.text.split("/")
        )
        return self.parse("/".join(named))

    @property
    def shape(self) -> str:
        """The template without its names: "/projects/{}"."""
        return _PLACEHOLDER.sub("{}", self.text)

    @property
    def fixed(self) -> str:
        """What is the same in every path."""
        return _PLACEHOLDER.sub("", self.text)

    @property
    def positions(self) -> dict[str, str]:
        """Each name with the shape of the path before it."""
        starts = ((each[1], each.start()) for each in _PLACEHOLDER.finditer(self.text))
        return {name: self.parse(self.text[:start]).shape for name, start in starts}

    def renamed(self, names: Mapping[str, str]) -> "PathTemplate":
        """The template with other names, as far as there are any."""
        return self.parse(self.fill_encoded(f"{{{names.get(each, each)}}}" for each in self.names))

    def fill(self, values: Iterable[str]) -> str:
        """The path with a value for each name, encoded."""
        return self.fill_encoded(map(encoded_segment, values))

    def fill_encoded(self, segments: Iterable[str]) -> str:
        """The path with a segment for each name, as it is."""
        left = iter(segments)
        return _PLACEHOLDER.sub(lambda _: next(left), self.text)

    def segments(self, path: str) -> tuple[str, ...] | None:
        """The segments for the names, still encoded and perhaps empty; None for another path."""
        found = self._path.fullmatch(path)
        return found.groups() if found else None

    def match(self, target: str) -> dict[str, str] | None:
        """The decoded values by name; None if the target is for another operation.

        A gateway may put a prefix before the path, and some put a slash behind it.
        """
        found = self._target.fullmatch(re.split(r"[?#]", target, maxsplit=1)[0])
        if found is None:
            return None
        values = (unquote(each, errors="replace") for each in found.groups()[1:])
        return dict(zip(self.names, values, strict=True))

    def prefix(self, target: str) -> str | None:
        """What stands before the path; None if the target is for another operation."""
        found = self._target.fullmatch(re.split(r"[?#]", target, maxsplit=1)[0])
        return found["prefix"] if found else None

    def values_of(self, instance_reference: str) -> tuple[str, ...] | None:
        """The decoded values in PROJECT/JOB/ID; None if it is of another form."""
        parts = instance_reference.split("/")
        if len(parts) != len(self.names) or not all(parts):
            return None
        return tuple(map(unquote, parts))


def encoded_segment(value: str, bare: str = "") -> str:
    """A value as a segment of a path; `bare` holds what stays as it is beside the unreserved."""
    # A lone dot or two would be taken for steps in the path.
    if value in {".", ".."}:
        return value.replace(".", "%2E")
    return quote(value, safe=bare, errors="surrogatepass")


def format_instance_reference(values: Iterable[str]) -> str:
    """PROJECT/JOB/ID for the values, each as readable as can be."""
    return "/".join(map(_readable, values))


def _readable(value: str) -> str:
    if not value.isprintable():
        return encoded_segment(value)
    return value.replace("%", "%25").replace("/", "%2F")


def parse_instance_reference(instance_reference: str, contract: Contract) -> dict[str, str]:
    """The decoded values in PROJECT/JOB/ID by the names of the path template, in its order.

    Raises WrongConfiguration if it is of another form.
    """
    template = PathTemplate.parse(contract.operation.path)
    if not template.text:
        raise WrongConfiguration(
            f"{contract.page} shows no path, so there is no request for {instance_reference!r}"
        )
    values = template.values_of(instance_reference)
    if values is None:
        raise WrongConfiguration(
            f"{instance_reference!r} is not of the form {'/'.join(template.names)}; "
            "write a slash within a part as %2F"
        )
    kinds = {each.name: each.kind for each in contract.operation.parameters}
    for name, value in zip(template.names, values, strict=True):
        kind = kinds.get(name, Kind.ANY)
        if kind in WHOLE_NUMBERS and not re.fullmatch(r"-?[0-9]+", value):
            raise WrongConfiguration(f"{name} must be {KINDS[kind].title}, not {value!r}")
    return dict(zip(template.names, values, strict=True))


def instance_request(instance_reference: str, contract: Contract) -> Request:
    """The request that asks for PROJECT/JOB/ID.

    Raises WrongConfiguration if it is of another form.
    """
    values = parse_instance_reference(instance_reference, contract)
    template = PathTemplate.parse(contract.operation.path)
    return Request(contract.operation.method, template.fill(values.values()))
