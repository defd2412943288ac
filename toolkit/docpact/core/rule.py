"""What a rule is: its id, what it means, how firm it is, and which correct server may break it."""

from dataclasses import dataclass
from enum import StrEnum

from docpact.core.span import Grade


class Family(StrEnum):
    """What a rule looks at: a part of an answer, several answers, or the page itself."""

    BODY = "body"
    JSON = "json"
    XML = "xml"
    FIELD = "field"
    MEANING = "meaning"
    HTTP = "http"
    SESSION = "session"
    PAGE = "page"


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing that can be wrong; `id` never changes once released."""

    id: str
    family: Family
    grade: Grade  # where neither a field's line nor a ruling says more
    title: str
    meaning: str  # what is checked, in full sentences
    example: str  # something that breaks it
    caution: str = ""  # which correct server may still break it
