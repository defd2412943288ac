"""`docpact mock`: serve an endpoint that is true to the page."""

import os
import signal
import threading
from typing import TYPE_CHECKING, Literal

import click

from docpact.cli.console import say
from docpact.cli.options import Amount, complete_faults, contract_option, seconds
from docpact.compiler import load_with_schemas
from docpact.core.errors import WrongConfiguration

if TYPE_CHECKING:
    from docpact.mock import Mock

Auth = Literal["off", "optional", "required"]

_EPILOG = """\b
Examples:
  docpact mock
  docpact mock --port 8080 --world any:7
  docpact mock --auth required --key testid:testsecret
  docpact mock --fault id-as-double --fault-rate 0.1
  docpact mock --live --pace 2
\b
The page at / lists the instances and makes calls; a call with the header
X-Docpact-Fault: NAME is answered with that fault alone.
"""


@click.command(
    "mock", epilog=_EPILOG, short_help="Serve a mock endpoint that answers as the page says."
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on; 0.0.0.0 lets other machines connect.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8008,
    show_default=True,
    help="The port to listen on; 0 lets the system choose.",
)
@click.option(
    "--world",
    default="",
    metavar="FILE|any[:SEED]",
    help="The instances that exist: a TOML or JSON file, or any instance.  [default: the page's "
    "example and one instance of each kind]",
)
@click.option("--live", is_flag=True, help="Instances move through their states over time.")
@click.option(
    "--pace",
    type=seconds(0.01),
    default=5.0,
    show_default=True,
    help="With --live: how long the shortest state lasts, in seconds.",
)
@click.option(
    "--auth",
    type=click.Choice(["off", "optional", "required"]),
    default="off",
    show_default=True,
    help="Whether calls must be signed; with `optional`, signatures are checked if present.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="ID:SECRET",
    help="An access key; repeatable.  [default: ALIBABA_CLOUD_ACCESS_KEY_ID and _SECRET, else "
    "testid:testsecret]",
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="NAME",
    shell_complete=complete_faults,
    help="Answer with this fault; repeatable. `docpact generate --list-faults` lists them.",
)
@click.option(
    "--fault-rate",
    type=Amount(0, 1),
    default=1.0,
    show_default=True,
    help="The share of calls that show the faults, from 0 to 1.",
)
@click.option("--delay", type=seconds(0), default=0.0, help="Seconds to wait before each answer.")
@click.option(
    "--seed",
    type=int,
    help="The same seed gives the same RequestIds and faults for the same calls.",
)
@click.option(
    "--control/--no-control",
    default=None,
    help="Serve the page at /, the controls at /_docpact/ and faults by header.  [default: only on "
    "a loopback address]",
)
@contract_option
def command(
    host: str,
    port: int,
    world: str,
    live: bool,
    pace: float,
    auth: Auth,
    keys: tuple[str, ...],
    faults: tuple[str, ...],
    fault_rate: float,
    delay: float,
    seed: int | None,
    control: bool | None,
    contract: str,
) -> None:
    """Serve an endpoint that answers as the page says, to test clients against.

    It listens on 127.0.0.1 by default, and runs until Ctrl-C or SIGTERM.
    """
    from docpact.mock import serve
    from docpact.mock.world import Lifecycle

    known, schemas = load_with_schemas(contract)
    local = host in {"127.0.0.1", "localhost", "::1"}
    ended = _stop_event()
    with serve(
        contract=known,
        schemas=schemas,
        world=world,
        lifecycle=Lifecycle(pace if live else 0.0),
        fault=faults,
        fault_rate=fault_rate,
        auth=auth,
        keys=_keys(keys),
        delay=delay,
        seed=seed,
        host=host,
        port=port,
        control=local if control is None else control,
    ) as mock:
        _greet(mock, auth, faults, local=local)
        ended.wait()
    say("stopped")


def _greet(mock: "Mock", auth: str, faults: tuple[str, ...], *, local: bool) -> None:
    say(f"serving {mock.url}; stop it with Ctrl-C")
    if mock.has_controls:
        say(f"open {mock.url}/ in a browser to try calls")
    if faults:
        say(f"answers have these faults on purpose: {', '.join(faults)}")
    if auth == "required":
        say("calls must be signed")
    if not local:
        say("warning: other machines can reach it")


def _keys(given: tuple[str, ...]) -> dict[str, str] | None:
    """The secrets by key id; nothing if none is given."""
    keys = {}
    for each in given:
        key_id, colon, secret = each.partition(":")
        if not key_id or not colon or not secret:
            raise WrongConfiguration("expected a key as ID:SECRET", hint="Try testid:testsecret.")
        keys[key_id] = secret
    if keys:
        return keys
    key_id = os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_ID", "")
    secret = os.environ.get("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "")
    return {key_id: secret} if key_id and secret else None


def _stop_event() -> threading.Event:
    """Set by Ctrl-C and SIGTERM, which are the usual ways to end a server, not a failure."""
    ended = threading.Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: ended.set())
    return ended
