"""The mock runs in a thread beside the code that calls it."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from docpact.contract import load_bundled, load_bundled_schemas
from docpact.core.errors import DocpactError, WrongConfiguration
from docpact.core.exchange import Request
from docpact.http.client import Client
from docpact.http.signing import Key, signed
from docpact.mock import ListedWorld, serve

CALL = Request("GET", "/api/v2/projects/project1/jobs/job1/instances/123?Format=JSON")


def status_of(mock, request=CALL):
    """The status of a call to a mock."""
    with Client(mock.url) as client:
        return client.send(request).status


def test_several_can_be_served_at_once():
    """Several mocks have a port and a world each."""
    with serve() as one, serve(world=ListedWorld.of(load_bundled(), [])) as other:
        assert one.url != other.url
        assert (200, 404) == (status_of(one), status_of(other))


def test_it_is_reached_at_once_and_not_afterwards():
    """The mock answers from the start of its block until the end."""
    with serve() as mock:
        assert mock.url.startswith("http://127.0.0.1:")
        assert 200 == status_of(mock)
    with pytest.raises(DocpactError, match="refuses connections"):
        status_of(mock)


def test_an_error_in_the_block_passes_and_ends_the_server():
    """An error in the block is raised, and ends the server."""
    before = threading.active_count()
    with pytest.raises(LookupError), serve():
        raise LookupError
    assert before == threading.active_count()


def test_a_port_that_is_taken_is_named():
    """A port in use is reported with the next step, and no socket stays open."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(DocpactError, match=f"127.0.0.1:{port}: ") as caught, serve(port=port):
            pass
    assert "--port" in caught.value.hint


@pytest.mark.parametrize("host", ["no such host", "192.0.2.1", "::2"])
def test_a_host_that_is_not_ours_is_named(host):
    """An address of another machine is reported with the next step."""
    with pytest.raises(DocpactError, match="the mock cannot listen on"), serve(host=host):
        pass


def test_a_world_that_is_none_is_refused_before_anything_is_served(tmp_path):
    """An invalid world is refused before the mock listens."""
    with pytest.raises(DocpactError, match="cannot be read"), serve(world=tmp_path / "nothing"):
        pass
    with pytest.raises(WrongConfiguration, match="as in any:7"), serve(world="any:x"):
        pass


def test_calls_come_from_many_threads():
    """Many threads can call the mock while the world changes."""
    with serve() as mock, ThreadPoolExecutor(8) as pool:
        futures = [pool.submit(status_of, mock) for _ in range(100)]
        for number in range(300):
            instance = {"ProjectName": "p", "JobName": f"j{number}", "Id": number}
            mock.world.add({"Instance": {**instance, "ActualState": "RUNNING"}})
            mock.world.known()
        assert {200} == {each.result() for each in futures}
        assert 100 == len(mock.calls)


def test_what_code_does_calls_see():
    """Calls see worlds and faults that code sets."""
    with serve() as mock:
        mock.fault("no-content")
        assert 204 == status_of(mock)
        mock.fault()
        mock.world.remove(("project1", "job1", "123"))
        assert 404 == status_of(mock)
        mock.reset()
        assert 200 == status_of(mock)
        assert 1 == len(mock.calls)


def test_keys_are_those_that_were_given():
    """Only the given keys are valid."""
    with serve(auth="required", keys={"me": "mine"}) as mock:
        right, example = (
            signed(CALL, Key(*pair)) for pair in (("me", "mine"), ("testid", "testsecret"))
        )
        assert (400, 200, 404) == tuple(status_of(mock, each) for each in (CALL, right, example))


def test_the_application_can_be_served_by_others():
    """The mock is an ASGI application that other servers can run."""
    import asyncio

    import httpx

    from docpact.mock.app import App
    from docpact.mock.server import endpoint_for
    from docpact.mock.state import Mock

    async def call(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://mock") as client:
            return await client.get(CALL.target)

    answer = asyncio.run(call(App(Mock(endpoint_for(), "", load_bundled_schemas()))))
    assert (200, 123) == (answer.status_code, answer.json()["Instance"]["Id"])


@pytest.mark.parametrize("options", [{"auth": "maybe"}, {"world": {"instance": []}}])
def test_what_is_no_choice_is_refused_at_once(options):
    """An invalid option is refused before the first call."""
    with pytest.raises(WrongConfiguration), serve(**options):
        pass
