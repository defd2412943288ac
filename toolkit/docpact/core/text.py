"""Make text that came from outside harmless to print."""


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
