"""Texts: words for messages, harmless to print, and the comments that switch rules off."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final


def printable(text: str) -> str:
    """The text with every character that is not printable written as an escape.

    A terminal obeys control characters, and half a surrogate pair cannot be encoded.
    """
    return text if text.isprintable() else "".join(_escaped(each) for each in text)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def counted(count: int, noun: str, plural: str = "") -> str:
    """A count with its noun: "1 answer", "1,200 answers"; the plural is the noun with an s."""
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"


def near_match(name: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """The known name that is most like a misspelt one; empty if none is like it.

    Letter case does not count. `cutoff` is the least likeness, from 0 to 1, as in difflib.
    """
    from difflib import get_close_matches  # only where something is wrong already

    names = {each.casefold(): each for each in known}
    found = get_close_matches(name.casefold(), names, n=1, cutoff=cutoff)
    return names[found[0]] if found else ""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown name: " (did you mean x?)", or nothing."""
    near = near_match(name, known)
    return f" (did you mean {near}?)" if near else ""


MARK: Final = "docpact:"  # without it there is no comment to look for

_WISH = re.compile(r"docpact:[ \t]*(?P<verb>[\w-]*)[:, \t]*(?P<rest>[^\r\n]*)")
# A dash of either kind: Markdown of some renderers has no "--" within a comment.
_REASON = re.compile(r"(?:^|\s)(?:--|—)(?:\s|$)")
_IGNORE, _IGNORE_FILE = "ignore", "ignore-file"
_EVERYWHERE: Final = range(1, 2**31)


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment that asks docpact to ignore findings."""

    line: int  # where it stands
    rules: tuple[str, ...] = ()  # RULE or RULE:FIELD, as they are written
    lines: range | None = None  # of the findings it covers; all beside it, if not set
    mistake: str = ""  # why it asks for nothing


def comments_in(text: str, line: int, *, may_be_whole: bool = False) -> Iterator[Comment]:
    """The comments in a text that begins on a line; the caller knows which lines they are about.

    Where a file may be ignored whole, `ignore-file` is about all its lines.
    """
    counted = 0
    for found in _WISH.finditer(text):
        line += text.count("\n", counted, found.start())
        counted = found.start()
        yield _comment(found["verb"], found["rest"], line, may_be_whole=may_be_whole)


def _comment(verb: str, rest: str, line: int, *, may_be_whole: bool) -> Comment:
    rules = tuple(_REASON.split(rest, maxsplit=1)[0].replace(",", " ").split())
    if verb == _IGNORE_FILE and not may_be_whole:
        why = "only a page knows ignore-file; settings, --ignore or a baseline are for captures"
        return Comment(line, mistake=why)
    if verb not in {_IGNORE, _IGNORE_FILE}:
        return Comment(line, mistake=f"it says {verb!r}; write docpact: ignore RULE[:FIELD]")
    if not rules:
        return Comment(line, mistake=f"it names no rule; write docpact: {verb} RULE[:FIELD]")
    return Comment(line, rules, _EVERYWHERE if verb == _IGNORE_FILE else None)
