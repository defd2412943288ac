"""Words for messages: harmless to print, in the right number, with the most similar known name."""

from collections.abc import Iterable


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
