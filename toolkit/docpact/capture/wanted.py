"""Tell the operation's own calls from others in the same capture."""

import re
from dataclasses import dataclass
from functools import lru_cache

from docpact.contract import Operation
from docpact.exchange import Exchange

_METHOD_NOT_ALLOWED = 405


@dataclass(frozen=True, slots=True)
class Wanted:
    """What calls are judged: those of one operation, and those whose request is not known."""

    operation: Operation

    def covers(self, exchange: Exchange) -> bool:
        """Whether an exchange is the operation's; one with a wrong method is, if it is refused."""
        request = exchange.request
        if request is None or not self.operation.path:
            return True
        path = re.split(r"[?#]", request.target, maxsplit=1)[0]
        if _pattern(self.operation.path).fullmatch(path) is None:
            return False
        is_refused = exchange.response.status == _METHOD_NOT_ALLOWED
        return is_refused or request.method in {self.operation.method, "HEAD"}


@lru_cache(maxsize=8)
def _pattern(template: str) -> re.Pattern[str]:
    pieces = re.split(r"\{\w+\}", template)
    # A gateway may put a prefix before the path.
    return re.compile("(?:.*?)?" + "[^/]+".join(map(re.escape, pieces)) + "/?")
