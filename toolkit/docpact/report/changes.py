"""Write what changed between two editions: for a terminal, as JSON, as Markdown."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from docpact.contract.diff import (
    REASONS,
    Audience,
    Change,
    ChangeKind,
    Impact,
    Side,
    Verdict,
    grade,
    impact,
)
from docpact.core.text import counted, printable
from docpact.report.json import as_text
from docpact.report.terminal import plain, quoted

VERSION = 1

_Style = Callable[[str, str], str]
_ROLES = {Impact.BREAKING: "error", Impact.RISKY: "warning", Impact.COMPATIBLE: "note"}
_LOST = ("removed", "renamed", "moved", "retyped")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two editions, as the user named them, and what changed from one to the other."""

    old: str
    new: str
    changes: tuple[Change, ...]
    audiences: tuple[Audience, ...] = tuple(Audience)  # for whom it is graded

    def impact(self, change: Change) -> Impact:
        """The worst that a change does to those for whom it is graded."""
        return impact(change, self.audiences)

    @property
    def counts(self) -> dict[Impact, int]:
        """How many changes there are of each impact."""
        counted = Counter(map(self.impact, self.changes))
        return {each: counted[each] for each in Impact}


def terminal(comparison: Comparison, *, style: _Style | None = None, words: bool = False) -> str:
    """The changes for people, the worst first; those in words alone are only counted by default."""
    style = style or plain
    blocks = [
        "\n\n".join([style(each, _ROLES[each]), *(_block(one, comparison, style) for one in group)])
        for each, group in _groups(comparison, words=words)
    ]
    closing = "\n".join(_closing(comparison, words=words))
    return "\n\n".join([*blocks, closing]) + "\n"


def as_json(comparison: Comparison) -> str:
    """All changes as one JSON document: versioned, sorted, without clocks and paths."""
    counts = {each.value: count for each, count in comparison.counts.items()}
    document = {
        "docpact": VERSION,
        "old": comparison.old,
        "new": comparison.new,
        "summary": {"changes": len(comparison.changes), **counts},
        "changes": [_document(each, comparison) for each in comparison.changes],
    }
    return as_text(document, indent=2) + "\n"


def markdown(comparison: Comparison, *, words: bool = False) -> str:
    """The changes as tables, to be pasted into a review."""
    lines = [f"## From {_escaped(comparison.old)} to {_escaped(comparison.new)}", ""]
    for each, group in _groups(comparison, words=words):
        titles = ["Change", *(one.value.title() for one in comparison.audiences), "Old", "New"]
        lines += [f"### {each.value.title()}", "", _row(titles), _row(["---"] * len(titles))]
        lines += [_row(_cells(one, comparison)) for one in group] + [""]
    return "\n".join([*lines, *map(_escaped, _closing(comparison, words=words))]) + "\n"


def title(change: Change) -> str:
    """What changed, in a sentence."""
    old, new = (each.value if each else "" for each in (change.old, change.new))
    return printable(REASONS[change.kind].title.format(name=change.name, old=old, new=new))


def _groups(comparison: Comparison, *, words: bool) -> Iterator[tuple[Impact, list[Change]]]:
    for each in Impact:
        group = [
            one
            for one in comparison.changes
            if comparison.impact(one) is each and (words or not REASONS[one.kind].words_only)
        ]
        if group:
            yield each, group


def _block(change: Change, comparison: Comparison, style: _Style) -> str:
    lines = [f"  {style(change.kind, 'rule')}: {title(change)}"]
    for names, verdict in _verdicts(change, comparison):
        graded = style(verdict.impact, _ROLES[verdict.impact])
        lines.append(f"    {names} {graded}: {verdict.reason}")
    for name, side in _sides(change):
        quote = quoted(side.origin)
        place = style(_place(side), "place")
        lines.append(f"    {name} {place}" + (style(f"  {quote}", "faint") if quote else ""))
    return "\n".join(lines)


def _verdicts(change: Change, comparison: Comparison) -> Iterator[tuple[str, Verdict]]:
    """Each verdict with those whom it is for, once where both have the same."""
    names: dict[Verdict, list[str]] = {}
    for each in comparison.audiences:
        names.setdefault(grade(change, each), []).append(each.value)
    for verdict, those in names.items():
        yield " and ".join(those), verdict


def _sides(change: Change) -> Iterator[tuple[str, Side]]:
    for name, side in (("old", change.old), ("new", change.new)):
        if side:
            yield name, side


def _place(side: Side) -> str:
    ruling = side.origin.ruling
    return printable(f"{side.origin.span}" + (f" (ruling {ruling})" if ruling else ""))


def _closing(comparison: Comparison, *, words: bool) -> Iterator[str]:
    names = f"{printable(comparison.old)} to {printable(comparison.new)}"
    if not comparison.changes:
        yield f"no change from {names}"
        return
    counts = ", ".join(f"{count} {each}" for each, count in _shown(comparison, words=words).items())
    yield f"from {names}: {counts}"
    lost = [each for each in _LOST if not _any_is(each, comparison.changes)]
    if lost:
        yield f"no parameter or field was {_or(lost)}"
    hidden = 0 if words else sum(REASONS[each.kind].words_only for each in comparison.changes)
    if hidden:
        yield f"{counted(hidden, 'change')} only in wording or examples (-v shows them)"


def _shown(comparison: Comparison, *, words: bool) -> dict[Impact, int]:
    groups = {each: len(group) for each, group in _groups(comparison, words=words)}
    return {each: groups.get(each, 0) for each in Impact}


def _any_is(word: str, changes: Iterable[Change]) -> bool:
    return any(
        each.kind.endswith(f"-{word}") and re.search(r"\b(parameter|field)\b", each.kind)
        for each in changes
        if each.kind is not ChangeKind.OPERATION_RENAMED
    )


def _or(words: list[str]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _document(change: Change, comparison: Comparison) -> dict[str, object]:
    graded = {each.value: grade(change, each) for each in comparison.audiences}
    return {
        "kind": change.kind.value,
        "part": change.part.value,
        "name": change.name,
        "message": title(change),
        "impact": comparison.impact(change).value,
        "words_only": REASONS[change.kind].words_only,
        **{
            name: {"impact": each.impact.value, "reason": each.reason}
            for name, each in graded.items()
        },
        "old": _side(change.old),
        "new": _side(change.new),
    }


def _side(side: Side | None) -> dict[str, object] | None:
    if side is None:
        return None
    origin = side.origin
    return {
        "value": side.value,
        "page": origin.span.file,
        "line": origin.span.first,
        "grade": origin.grade.value,
        "ruling": origin.ruling,
        "quote": origin.quote,
    }


def _cells(change: Change, comparison: Comparison) -> list[str]:
    verdicts = (grade(change, each) for each in comparison.audiences)
    places = (_escaped(_place(each)) if each else "" for each in (change.old, change.new))
    return [
        f"`{change.kind}`: {_escaped(title(change))}",
        *(f"**{each.impact}**: {_escaped(each.reason)}" for each in verdicts),
        *places,
    ]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", printable(text)).replace("&", "&amp;")
