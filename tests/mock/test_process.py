"""The mock as a process of its own ends when it is told to, whatever it is doing."""

import re
import signal
import socket
import subprocess
import sys

import pytest

CALL = b"GET /api/v2/projects/project1/jobs/job1/instances/123 HTTP/1.1\r\nHost: a\r\n\r\n"
AT_ONCE = 10.0  # seconds within which even a busy machine does what takes one


@pytest.fixture
def process():
    """`docpact mock`, started with more options, and its port."""
    started = []

    def start(*options):
        command = [sys.executable, "-m", "docpact", "mock", "--port", "0", *options]
        made = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        started.append(made)
        greeting = made.stderr.readline()
        port = re.search(r"http://127\.0\.0\.1:(\d+)", greeting)
        assert port, greeting + made.stderr.read()
        return made, int(port[1])

    yield start
    for each in started:
        each.kill()
        each.wait()
        each.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_while_somebody_waits_for_an_answer(number, process):
    """The process ends with code 0 and no traceback while a client waits."""
    mock, port = process("--delay", "60")
    with socket.create_connection(("127.0.0.1", port), timeout=20) as waiting:
        waiting.sendall(CALL)
        with socket.create_connection(("127.0.0.1", port), timeout=20) as other:
            other.sendall(b"GET /_docpact/faults HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert other.recv(12) == b"HTTP/1.1 200"  # so the first call is under way
        mock.send_signal(number)
        assert 0 == mock.wait(AT_ONCE)
    told = mock.stderr.read()
    assert "docpact: stopped" in told
    assert "Traceback" not in told


def test_it_answers_until_then(process):
    """The process says on which port it listens, and answers there."""
    mock, port = process()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
        wire.sendall(CALL)
        assert wire.recv(12) == b"HTTP/1.1 200"
    mock.terminate()
    assert 0 == mock.wait(AT_ONCE)


def test_a_port_that_is_taken_is_a_job_that_cannot_be_done():
    """A port in use ends the process with the reason and no traceback."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "docpact", "mock", "--port", port]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert 3 == done.returncode
    assert f"cannot listen on 127.0.0.1:{port}: Address already in use" in done.stderr
    assert "Traceback" not in done.stderr
