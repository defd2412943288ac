"""Serve the mock in a thread beside the code that calls it."""

import contextlib
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from random import Random, SystemRandom
from typing import get_args

import uvicorn

from docpact.contract import Contract, Schemas, load_bundled, load_bundled_schemas
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.http.signing import Verifier
from docpact.mock.app import App, Pages, protocol_for
from docpact.mock.behaviour_faults import FaultChoice
from docpact.mock.endpoint import DEFAULT_KEYS, Access, Auth, MockEndpoint
from docpact.mock.state import Mock
from docpact.mock.world import Lifecycle, World
from docpact.mock.world_file import world_named

LOOPBACK = "127.0.0.1"
_SECONDS_TO_START = 10.0
_SECONDS_TO_END = 1  # for answers being sent; then they are cut off


def endpoint_for(  # noqa: PLR0913  # all are named and have defaults
    contract: Contract | None = None,
    schemas: Schemas | None = None,
    *,
    world: World | str | Path = "",
    lifecycle: Lifecycle | None = None,
    faults: Iterable[str] = (),
    fault_rate: float = 1.0,
    auth: Auth = "off",
    keys: Mapping[str, str] | None = None,
    delay: float = 0.0,
    seed: int | None = None,
) -> MockEndpoint:
    """The endpoint that these options describe.

    `keys` holds secrets by access key id. Raises WrongConfiguration or DocpactError as the world
    and the faults do.
    """
    known = contract or load_bundled()
    if auth not in get_args(Auth):
        raise WrongConfiguration(f"auth must be {', '.join(get_args(Auth))}, not {auth!r}")
    if not known.operation.path:
        raise WrongConfiguration(
            f"{known.page} has no method and path, so {known.operation.name} cannot be served",
            hint="The page needs a line such as `GET /v1/stores/[storeId]`.",
        )
    if isinstance(world, dict):
        raise WrongConfiguration("world must be a World, the name of a file, any or any:SEED")
    if isinstance(world, str | Path):
        world = world_named(str(world), known, schemas or load_bundled_schemas(), lifecycle)
    return MockEndpoint(
        known,
        world,
        Access(auth, Verifier(keys or DEFAULT_KEYS)),
        FaultChoice.of(faults, fault_rate, known),
        delay,
        random=SystemRandom() if seed is None else Random(seed),  # noqa: S311  # repeatable is the point
    )


def application(mock: Mock) -> App:
    """The application that answers for a mock, with its own pages if it has controls."""
    return App(mock, _own_pages(mock) if mock.has_controls else None)


def _own_pages(mock: Mock) -> Pages:
    # Starlette takes long to import, and a mock without controls does not need it.
    from starlette.applications import Starlette
    from starlette.middleware import Middleware

    from docpact.mock.control import OwnPagesOnly, control_routes
    from docpact.mock.explorer import explorer_routes

    return Starlette(
        routes=[*control_routes(mock), *explorer_routes(mock)],
        middleware=[Middleware(OwnPagesOnly, url=mock.url)],
    )


@contextlib.contextmanager
def serve(  # noqa: PLR0913  # the options of endpoint_for, and where to listen
    *,
    contract: Contract | None = None,
    schemas: Schemas | None = None,
    world: World | str | Path = "",
    lifecycle: Lifecycle | None = None,
    fault: str | Iterable[str] = (),
    fault_rate: float = 1.0,
    auth: Auth = "off",
    keys: Mapping[str, str] | None = None,
    delay: float = 0.0,
    seed: int | None = None,
    host: str = LOOPBACK,
    port: int = 0,
    control: bool = True,
) -> Iterator[Mock]:
    """Serve the mock in a thread until the block ends; the system chooses the port."""
    endpoint = endpoint_for(
        contract,
        schemas,
        world=world,
        lifecycle=lifecycle,
        faults=(fault,) if isinstance(fault, str) else fault,
        fault_rate=fault_rate,
        auth=auth,
        keys=keys,
        delay=delay,
        seed=seed,
    )
    with contextlib.closing(listening(host, port)) as listener:
        mock = Mock(endpoint, url_of(listener), schemas or load_bundled_schemas(), control)
        server = uvicorn.Server(configured(application(mock)))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield mock
        finally:
            server.should_exit = True
            thread.join(_SECONDS_TO_START)


def configured(app: App) -> uvicorn.Config:
    """How uvicorn serves the application."""
    return uvicorn.Config(
        app,
        http=protocol_for(app.mock.endpoint),
        ws="none",  # an offer to upgrade is ignored, whatever libraries are installed
        loop="auto",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_level="critical",
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=_SECONDS_TO_END,
    )


def listening(host: str, port: int) -> socket.socket:
    """A socket that accepts connections.

    Raises DocpactError if the address cannot be used.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with contextlib.ExitStack() as undone:
            listener = undone.enter_context(socket.socket(family))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, port))
            listener.listen(2048)
            undone.pop_all()
    except OSError as cause:
        raise DocpactError(
            f"the mock cannot listen on {host}:{port}: {cause.strerror or cause}",
            hint="Choose another --port, or 0 for one that is free.",
        ) from cause
    return listener


def url_of(listener: socket.socket) -> str:
    """The address to call."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
