"""Which format an answer is to have: by the parameter Format, then by Accept, else XML."""

import re
from collections.abc import Mapping
from typing import Final

from docpact.contract import Media
from docpact.core.exchange import Headers

DEFAULT: Final = Media.XML  # by the common parameters page
# What of Accept counts for a format: the most particular that is there.
_RANGES: Final = {
    Media.XML: (("application/xml", "text/xml"), ("application/*", "text/*"), ("*/*",)),
    Media.JSON: (("application/json", "text/json"), ("application/*",), ("*/*",)),
}
_WEIGHT: Final = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.ASCII | re.IGNORECASE)

Preference = tuple[float, int]  # weight, and how early it stands


def by_format(value: str) -> Media | None:
    """The format that `Format` names, in either letter case; nothing if it is none."""
    return {"json": Media.JSON, "xml": Media.XML}.get(value.strip().lower())


def by_accept(headers: Headers) -> Media:
    """The format that `Accept` prefers, the first of two that it likes alike.

    The default where it prefers neither.
    """
    value = ",".join(text for name, text in headers if name.lower() == "accept")
    if not value:
        return DEFAULT
    said = _said(value)
    liked = {media: _liking(media, said) for media in _RANGES}
    best = max(liked, key=lambda media: liked[media])  # the first is the default
    return best if liked[best][0] > 0 else DEFAULT


def _liking(media: Media, said: Mapping[str, Preference]) -> Preference:
    for names in _RANGES[media]:
        found = [said[name] for name in names if name in said]
        if found:
            return max(found)
    return 0.0, 0


def _said(value: str) -> dict[str, Preference]:
    """What Accept says of each range."""
    said: dict[str, Preference] = {}
    for position, part in enumerate(value.split(",")):
        name, *parameters = (each.strip().lower() for each in part.split(";"))
        weights = (_WEIGHT.fullmatch(each) for each in parameters)
        found = next((each for each in weights if each), None)
        said.setdefault(name, (float(found[1]) if found else 1.0, -position))
    return said
