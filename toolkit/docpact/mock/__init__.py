"""A server that is true to the page, and faulty where it is told to be."""

from docpact.mock.behaviour_faults import FaultChoice
from docpact.mock.endpoint import Endpoint
from docpact.mock.server import Mock, serve
from docpact.mock.world import AnyWorld, ListedWorld, World
from docpact.mock.world_file import world_named

__all__ = [
    "AnyWorld",
    "Endpoint",
    "FaultChoice",
    "ListedWorld",
    "Mock",
    "World",
    "serve",
    "world_named",
]
