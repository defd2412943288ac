"""Judge chunks in other processes or on a Dask cluster: in order, and without running ahead.

Results travel as bytes, because joining them changes them, and an executor may keep what a task
returned. Each answer leaves a trace of some 400 bytes for what shows only over the whole run, as a
RequestId that comes twice. Traces are judged where the run was started, in order, at some 17 µs
each, which limits what a cluster gains.
"""

import multiprocessing
import pickle
import signal
import threading
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from docpact.audit.chunk_judge import Chunk, ChunkJudge, JudgeSetup
from docpact.audit.partial import PartialResult
from docpact.core.errors import DocpactError

if TYPE_CHECKING:
    from distributed import Client

_AHEAD: Final = 3  # batches that wait for each worker
_MOST_FILES: Final = 64  # of a batch
_MOST_NAMED: Final = 5  # captures that are named where workers died

Batch = tuple[Chunk, ...]


class PendingResult(Protocol):
    """A future of `concurrent.futures` or of Dask."""

    def result(self) -> bytes:
        """What the task returned, once it has; raises what it raised."""

    def cancel(self) -> object:
        """Drop the task."""


@dataclass(frozen=True, slots=True)
class Workers:
    """What runs tasks, how many batches may wait for it, and what becomes of those that fail."""

    submit: Callable[..., PendingResult]  # of an executor, or of Dask's client
    capacity: Callable[[], int]  # clusters grow and shrink
    failed: Callable[[Exception, Batch], PartialResult]  # it may raise instead


def results_by(
    workers: Workers, chunks: Iterable[Chunk], setup: JudgeSetup
) -> Iterator[PartialResult]:
    """The result of every chunk, in their order.

    If the workers cannot be reached any more, the last result says so.
    """
    packed, run = pickle.dumps(setup, pickle.HIGHEST_PROTOCOL), uuid.uuid4().hex
    waiting: deque[tuple[PendingResult, Batch]] = deque()
    try:
        for batch in _batches(chunks, setup.options.chunk // 4):
            waiting.append((workers.submit(_judged, batch, packed, run), batch))
            while len(waiting) > workers.capacity():
                yield from _results(*waiting.popleft(), workers)
        while waiting:
            yield from _results(*waiting.popleft(), workers)
    except (CancelledError, OSError) as cause:
        why = f"the workers were lost: {str(cause) or type(cause).__name__}"
        yield PartialResult(problems=[why], complete=False)
    finally:
        for future, _ in waiting:
            with suppress(Exception):  # the cluster may be gone
                future.cancel()


def _batches(chunks: Iterable[Chunk], least: int) -> Iterator[Batch]:
    """Chunks for one task each, so that small files cost little to hand over."""
    batch: list[Chunk] = []
    for each in chunks:
        batch.append(each)
        if sum(each.size for each in batch) >= least or len(batch) >= _MOST_FILES:
            yield tuple(batch)
            batch = []
    if batch:
        yield tuple(batch)


def _results(future: PendingResult, batch: Batch, workers: Workers) -> list[PartialResult]:
    try:
        data = future.result()
    except (CancelledError, OSError):
        raise
    except Exception as cause:  # noqa: BLE001  # each executor has errors of its own
        return [workers.failed(cause, batch)]
    results: list[PartialResult] = pickle.loads(data)  # noqa: S301  # it comes from our own tasks
    return results


_local = threading.local()  # a judge belongs to one thread


def _judged(batch: Batch, setup: bytes, run: str) -> bytes:
    """The result of every chunk, on a worker; its judge is built once a run."""
    if getattr(_local, "run", None) != run:
        made: JudgeSetup = pickle.loads(setup)  # noqa: S301  # as above
        _local.judge, _local.run = made.judge(), run
    judge: ChunkJudge = _local.judge
    return pickle.dumps([judge.judge(each) for each in batch], pickle.HIGHEST_PROTOCOL)


@contextmanager
def process_workers(count: int) -> Iterator[Workers]:
    """Processes of this machine; a worker that dies, as where memory runs out, ends the run."""

    def failed(cause: Exception, _batch: Batch) -> PartialResult:
        if not isinstance(cause, BrokenProcessPool):
            raise cause
        hint = "Fewer --workers need less memory."
        raise DocpactError("a worker died before it had finished", hint=hint) from cause

    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    # Whether Ctrl-C ends the run is decided where it was started.
    ignore = (signal.SIGINT, signal.SIG_IGN)
    pool = ProcessPoolExecutor(count, context, initializer=signal.signal, initargs=ignore)
    try:
        yield Workers(pool.submit, lambda: count * _AHEAD, failed)
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        # A pool that is left to itself may wake up while Python ends, and then fails with a trace.
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def dask_workers(client: "Client | str") -> Iterator[Workers]:
    """The cluster of a client, or of the scheduler at an address; it replaces lost workers.

    Raises DocpactError if Dask is not installed, here or there, or no scheduler answers.
    """
    try:
        import distributed
        import fsspec  # noqa: F401  # asked for before any work is done
    except ImportError as cause:
        hint = 'Install it: pip install "docpact[dask]"; or judge here: docpact validate --workers.'
        raise DocpactError(f"runs over Dask need {cause.name}", hint=hint) from cause
    if not isinstance(client, str):
        yield _cluster_of(client)
        return
    try:
        connected = distributed.Client(client)
    except (OSError, ValueError) as cause:
        hint = "`dask scheduler` prints its address when it starts, as tcp://10.0.0.1:8786."
        raise DocpactError(f"no scheduler answers at {client}: {cause}", hint=hint) from cause
    with connected:
        yield _cluster_of(connected)


def _cluster_of(client: "Client") -> Workers:
    from distributed import KilledWorker

    def capacity() -> int:
        if client.status in {"closing", "closed"}:
            raise ConnectionError("the scheduler is gone")
        threads: int = sum(client.nthreads().values())
        return max(1, threads) * _AHEAD

    def failed(cause: Exception, batch: Batch) -> PartialResult:
        if isinstance(cause, ImportError):
            hint = 'Install the same "docpact[dask]" on its scheduler and on every worker.'
            raise DocpactError(f"the cluster cannot run docpact: {cause}", hint=hint) from cause
        if not isinstance(cause, KilledWorker):
            raise cause
        names = list(dict.fromkeys(each.place for each in batch))
        more = len(names) - _MOST_NAMED
        listed = ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
        return PartialResult(
            continues=batch[0].start > 0,
            problems=[f"not judged, because workers died of it again and again: {listed}"],
            size=sum(each.size for each in batch),
        )

    # Not by `client.get_executor()`: its future waits for ever if a task fails after it finished,
    # as it does where a worker dies while its result is fetched.
    return Workers(partial(client.submit, pure=False), capacity, failed)
