"""The endpoint that a run is about, and how it is called."""

from dataclasses import dataclass, field

from docpact.contract import Media
from docpact.runner.probes import Known
from docpact.signing import Key


@dataclass(frozen=True, slots=True)
class Target:
    """The endpoint to test, and how to call it."""

    url: str
    known: Known = field(default_factory=Known)
    key: Key | None = None
    media: tuple[Media, ...] = tuple(Media)
    auth_checks: bool = True
    unsafe_methods: bool | None = None  # only where the endpoint is on this machine
    verify: bool | str = True
    timeout: float = 30.0
    workers: int = 1
    seed: int = 0
    engine: bool = True  # whether schemathesis draws calls too
    shown_as: str = ""  # the URL that commands name, if the endpoint will be found elsewhere
