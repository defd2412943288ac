"""A server that answers as the page says, and with the faults that it is given."""

from docpact.mock.behaviour_faults import FaultChoice
from docpact.mock.endpoint import MockEndpoint
from docpact.mock.server import serve
from docpact.mock.state import Mock
from docpact.mock.world import AnyWorld, ListedWorld, World
from docpact.mock.world_file import world_named

__all__ = [
    "AnyWorld",
    "FaultChoice",
    "ListedWorld",
    "Mock",
    "MockEndpoint",
    "World",
    "serve",
    "world_named",
]
