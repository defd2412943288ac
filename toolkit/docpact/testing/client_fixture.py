"""Make signed calls in a test."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import pytest

from docpact.contract import Contract, Media, Place
from docpact.contract.path_template import instance_request
from docpact.core.exchange import Exchange, Request, Source
from docpact.http.client import Client, ConnectionLost
from docpact.http.signing import Key, signed
from docpact.testing.judging import judging_for
from docpact.testing.mock_fixture import PlayedEndpoint
from docpact.testing.options import options_of

_REPEATABLE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


@dataclass(frozen=True, slots=True, repr=False)
class ContractClient:
    """Calls one endpoint, signing with a key if there is one."""

    url: str
    contract: Contract
    key: Key | None
    _client: Client

    def __repr__(self) -> str:
        return f"<docpact_client of {self.url}>"

    def call(self, asked: str, *, body: str = "", accept: str = "") -> Exchange:
        """Ask for an instance, as in "project1/job1/123", in a format if one is named."""
        request = instance_request(asked, self.contract)
        if body:
            request = replace(request, target=f"{request.target}?{self._format(Media(body))}")
        if accept:
            request = replace(request, headers=(*request.headers, ("Accept", accept)))
        return self.send(request)

    def send(self, request: Request) -> Exchange:
        """Send a request, byte for byte but for its signature."""
        sent = self._signed(request)
        try:
            response = self._client.send(sent)
        except ConnectionLost:
            if request.method not in _REPEATABLE:
                raise
            sent = self._signed(request)  # anew, for the first one may have been read
            response = self._client.send(sent)
        return Exchange(response, Source(f"{sent.method} {sent.target[:200]}"), sent)

    def _signed(self, request: Request) -> Request:
        if self.key is None:
            return request
        version, prefix = self.contract.operation.version, self._client.endpoint.prefix
        return signed(request, self.key, version=version, prefix=prefix)

    def _format(self, media: Media) -> str:
        for parameter in self.contract.operation.parameters:
            for value in parameter.values:
                if parameter.place is Place.QUERY and value.lower() == media.value:
                    return f"{parameter.wire_name}={value}"
        return ""


@contextmanager
def client_for(
    config: pytest.Config, mock: Callable[[], PlayedEndpoint]
) -> Iterator[ContractClient]:
    """A client of the endpoint that this run checks, or else of the mock."""
    options, contract = options_of(config), judging_for(config).contract
    url, key = options.url, options.key
    if not url:
        played = mock()
        url, key = played.url, played.key
    with Client(url, timeout=options.timeout, verify=not options.insecure) as client:
        yield ContractClient(url, contract, key, client)
