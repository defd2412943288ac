"""Mask in a report whatever captures hold that may be a secret.

Reports keep only captured values that are harmless: listed values, numbers and times where they
belong, ids and names of projects and jobs, and names of members.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from docpact.contract import WHOLE_NUMBERS, Contract, Field, Kind
from docpact.core.finding import Finding, Report, Scalar
from docpact.core.violation import is_plain_name, plain
from docpact.report.statistics import BoundedTable, Entry, Key, StateRun, Statistics, Timeline

_MASKED: Final = '"…" (masked)'
# A call that was skipped: its place, method and target, and perhaps a reason in brackets.
_CALL = re.compile(r"(.*?:[0-9]+ )?([^?#]*?)([?].*?)?(#.*?)?( [(].*)?", re.DOTALL)
_QUERY_ENTRY = re.compile(r"(?<==)[^&;]+|(?<=[?&;])[^=&;]+(?=[&;]|\Z)")
_FOREIGN_WORDS = re.compile(r"(?<= recorded: )(?!net::ERR_[A-Z_]+[)]\Z).*", re.DOTALL)
_PASSWORD = re.compile(r"(?<=://)[^/@\s]*@")
_NUMBER = re.compile(r"-?[0-9]+(?:[.][0-9]+)?(?:[eE][+-]?[0-9]+)?")
_WORD = re.compile(r"[A-Za-z][A-Za-z_]{0,39}")  # blanks would let sentences through
_NAME = re.compile(r"[\w][\w .-]*")
_MEDIA_TYPE = re.compile(r"[\w.+-]{1,40}/[\w.+-]{1,40}")
_AFTER_WORDS = re.compile(r"(?<=\btag )\S+|(?<=\banchor )\S+|\"[^\"]*\"|'[^']*'|:.*", re.DOTALL)
_EMPTY: Final = frozenset({"null", "true", "false", "absent", "an object", "an array", '""', ""})
_NUMBERS: Final = frozenset({Kind.FLOAT, *WHOLE_NUMBERS})
_ABOUT_NAMES: Final = frozenset(
    {"wrong-name-case", "misplaced-field", "xml-attribute", "xml-wrong-root", "wrong-encoding"}
)
# What these quote is not, or not only, the value of their field.
_ABOUT_MARKUP: Final = frozenset({"xml-attribute", "xml-namespace", "xml-stray-text"})
_QUOTES_OTHERS: Final = frozenset({"fields-disagree"})
_EXPECTS_CAPTURED: Final = frozenset({"wrong-echo", "changed-field", "impossible-move"})


class Redaction:
    """Masks reports on what was judged by a contract."""

    def __init__(self, contract: Contract) -> None:
        answers = [each for each in (contract.success, contract.failure) if each is not None]
        self._fields = {".".join(path): each for one in answers for path, each in one.walk()}
        self._structures = {path.rpartition(".")[0] for path in self._fields}
        self._listed = {each.value for one in self._fields.values() for each in one.values}
        self._names = {name for path in self._fields for name in path.split(".")}
        self._echoed = {each.field for each in contract.constraints.echoes}

    def report(self, report: Report) -> Report:
        """The report without any captured value that may be a secret."""
        return replace(
            report,
            findings=tuple(map(self._finding, report.findings)),
            problems=tuple(map(without_keys, report.problems)),
        )

    def statistics(self, statistics: Statistics) -> Statistics:
        """What was counted, without values and names that may be secrets."""
        return replace(
            statistics,
            cells=_renamed(statistics.cells, lambda key: (key[0], self._path(key[1]))),
            fields=_renamed(
                statistics.fields,
                lambda key: (key[0], key[1], self._path(key[2])),
                lambda key: self._is_member(key[2]),
            ),
            values={
                path: _renamed(values, self._values_of(path))
                for path, values in statistics.values.items()
            },
            timelines=self._timelines(statistics),
        )

    def _finding(self, finding: Finding) -> Finding:
        expected = finding.expected
        if finding.rule in _EXPECTS_CAPTURED and not isinstance(expected, tuple):
            expected = self._scalar(expected, finding)
        return replace(
            finding,
            message=without_keys(self._message(finding)),
            quoted=(),
            field=self._path(finding.field),
            pointer="/".join(map(self._step, finding.pointer.split("/"))),
            expected=expected,
            actual=self._scalar(finding.actual, finding),
            reproduce=without_keys(finding.reproduce) if finding.reproduce else None,
        )

    def _message(self, finding: Finding) -> str:
        message = finding.message
        if finding.rule == "damaged-capture":  # it may quote what a parser found
            return _AFTER_WORDS.sub(_without_quote, message)
        for start, end in reversed(finding.quoted):
            if not self._is_quotable(message[start:end], finding):
                message = message[:start] + _MASKED + message[end:]
        return message

    def _is_quotable(self, quote: str, finding: Finding) -> bool:
        """Whether a message can repeat a text; another field's may be of a less harmless kind."""
        is_own = finding.rule not in _QUOTES_OTHERS or quote in _forms_of(finding.actual)
        return (
            quote in _EMPTY
            or _bare(quote) in self._listed
            or (is_own and self._is_harmless(quote, finding))
        )

    def _scalar(self, value: Scalar, finding: Finding) -> Scalar:
        """What came: a number of the protocol, or a value that is harmless."""
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, int | float) and not finding.field:
            return value
        if not self._is_harmless(str(value), finding):
            return MASK
        return without_keys(value) if isinstance(value, str) else value

    def _is_harmless(self, text: str, finding: Finding) -> bool:
        """Whether a text that was captured can be shown, by what it is and where it stood."""
        if text in _EMPTY:
            return True
        bare = _bare(text)
        is_of_field = finding.rule not in _ABOUT_MARKUP
        field = self._documented(finding.field) if is_of_field else None
        if field is not None:
            return bare in self._listed or self._fits(bare, finding.field, field)
        if finding.rule == "wrong-content-type":
            return _MEDIA_TYPE.fullmatch(bare) is not None
        is_name = all(is_plain_name(each) for each in bare.split(", "))
        return is_name and finding.rule in {*_ABOUT_NAMES, "xml-several-roots"}

    def _fits(self, value: str, path: str, field: Field) -> bool:
        """Whether a value is of the harmless kind that a documented field has."""
        if field.kind in _NUMBERS:
            return _NUMBER.fullmatch(value) is not None
        if field.values:
            return _WORD.fullmatch(value) is not None
        is_name = path in self._echoed or field.name.endswith(("Id", "Name", "Version"))
        return is_name and _NAME.fullmatch(value) is not None

    def _documented(self, path: str) -> Field | None:
        return self._fields.get(".".join(each for each in path.split(".") if not each.isdecimal()))

    def _path(self, path: str) -> str:
        return path if path in self._fields else ".".join(map(self._step, path.split(".")))

    def _is_member(self, path: str) -> bool:
        """Whether it is of a structure of the page; below other values, names are data."""
        return path in self._fields or path.rpartition(".")[0] in self._structures

    def _step(self, name: str) -> str:
        return without_keys(name) if name in self._names else safe_name(name)

    def _values_of(self, path: str) -> Callable[[tuple[int, str]], tuple[int, str]]:
        field = self._fields.get(path)

        def masked(key: tuple[int, str]) -> tuple[int, str]:
            unlisted, text = key
            return (unlisted, self._safe_text(text, path, field)) if unlisted else key

        return masked

    def _safe_text(self, text: str, path: str, field: Field | None) -> str:
        is_safe = not text or (field is not None and self._fits(text, path, field))
        return without_keys(text) if is_safe else MASK

    def _timelines(self, statistics: Statistics) -> BoundedTable[tuple[str, ...], Timeline]:
        """States over time, under the names of instances."""
        watched = statistics.watched
        made = _renamed(
            statistics.timelines, lambda key: tuple(self._safe_texts(key, watched.identity))
        )
        for key, timeline in made.kept.items():
            runs = tuple(self._run(each, watched.states) for each in timeline.runs)
            made.kept[key] = replace(timeline, runs=runs)
        return made

    def _run(self, run: StateRun, paths: tuple[str, ...]) -> StateRun:
        return replace(run, states=tuple(self._safe_texts(run.states, paths)))

    def _safe_texts(self, texts: tuple[str, ...], paths: tuple[str, ...]) -> Iterator[str]:
        for text, path in zip(texts, paths, strict=True):
            yield self._safe_text(text, path, self._fields.get(path))


def redacted_call(text: str) -> str:
    """The name of a call without a password, the values of its query, and foreign words."""
    named = _CALL.fullmatch(text)
    assert named is not None  # any text is such a call  # noqa: S101
    place, target, query, fragment, reason = (each or "" for each in named.groups())
    query = _QUERY_ENTRY.sub(MASK, query)
    fragment = fragment and f"#{MASK}"
    target = _PASSWORD.sub(f"{MASK}@", target)
    return without_keys(place + target + query + fragment + _FOREIGN_WORDS.sub(f"{MASK})", reason))


def _bare(text: str) -> str:
    return text[1:-1] if text.startswith('"') and text.endswith('"') else text


def _forms_of(value: Scalar) -> tuple[str, str]:
    """How a message may write a value."""
    return str(value), plain(value)


def _without_quote(quote: re.Match[str]) -> str:
    return f": {_MASKED}" if quote[0].startswith(":") else _MASKED


def _renamed(
    counted: BoundedTable[Key, Entry],
    rename: Callable[[Key], Key],
    is_kept: Callable[[Key], bool] = lambda _: True,
) -> BoundedTable[Key, Entry]:
    """The same counts under other keys; what comes to the same key is one."""
    made: BoundedTable[Key, Entry] = BoundedTable(counted.most, counted.join, counted.size)
    for key, entry in counted.sorted():
        if is_kept(key):
            made.add(rename(key), entry)
    made.rest = counted.rest
    return made


MASK: Final = "***"
_ACCESS_KEY = re.compile(r"(?<![A-Za-z0-9])(?:LTAI|STS\.)[A-Za-z0-9]{8,}|(?i:\bacs +)[^\s:]+:\S+")


def without_keys(text: str) -> str:
    """The text without access keys and signatures, which have a form of their own."""
    return _ACCESS_KEY.sub(MASK, text)


def safe_name(name: str) -> str:
    """A member's name, if it looks like one: in place of a structure, names are data."""
    is_safe = not name or name.isdecimal() or is_plain_name(name)
    return without_keys(name) if is_safe else MASK


@lru_cache(maxsize=1024)
def safe_path(path: str) -> str:
    """A dotted path with what does not look like a member's name masked, for any contract."""
    return ".".join(map(safe_name, path.split(".")))
