"""How commands call an endpoint: the options that name a key, and what they come to."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:  # importing it takes longer than printing a help text
    from docpact.client import Endpoint
    from docpact.signing import Key

_Command = TypeVar("_Command", bound=Callable[..., object])

_KEY_OPTIONS = (
    click.option(
        "--access-key-id",
        envvar="ALIBABA_CLOUD_ACCESS_KEY_ID",
        help="Sign with this key.  [env: ALIBABA_CLOUD_ACCESS_KEY_ID]",
    ),
    click.option(
        "--access-key-secret",
        envvar="ALIBABA_CLOUD_ACCESS_KEY_SECRET",
        help="Its secret; on the command line, everybody on this machine can see it in `ps`, so "
        "prefer the variable.  [env: ALIBABA_CLOUD_ACCESS_KEY_SECRET]",
    ),
    click.option(
        "--sts-token",
        envvar="ALIBABA_CLOUD_SECURITY_TOKEN",
        help="The token of a temporary key.  [env: ALIBABA_CLOUD_SECURITY_TOKEN]",
    ),
)


def key_options(command: _Command) -> _Command:
    """Give a command the options that name an access key."""
    for option in reversed(_KEY_OPTIONS):
        command = option(command)
    return command


def chosen_key(key_id: str | None, secret: str | None, token: str | None) -> "Key | None":
    """The key that was named, or none.

    Raises UsageError if half of it is missing.
    """
    if not key_id and not secret:
        return None
    if not key_id or not secret:
        lacking = "--access-key-secret" if key_id else "--access-key-id"
        raise click.UsageError(f"a key needs both its parts: {lacking} is missing")
    from docpact.signing import Key

    return Key(key_id, secret, token or "")


def warn_of_plain_http(endpoint: "Endpoint") -> None:
    """Say that calls to another machine travel in the open, which the vendor's pages rule out."""
    if endpoint.scheme == "http" and not endpoint.is_local:
        message = "docpact: the call is not encrypted; the vendor's endpoints take https:// only"
        click.echo(message, err=True)
