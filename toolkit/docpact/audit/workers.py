"""Judge chunks in several processes, in order and without running ahead."""

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass

from docpact.audit.chunk_judge import Judge, Options
from docpact.audit.chunks import Chunk, batches
from docpact.audit.partial import Part
from docpact.capture import Reading
from docpact.check import Checker
from docpact.core.errors import DocpactError
from docpact.settings import Settings

_AHEAD = 3  # batches that wait for each worker


@dataclass(frozen=True, slots=True)
class Recipe:
    """All that a worker needs to judge as the others do."""

    made_of: tuple[object, ...]
    settings: Settings
    reading: Reading
    options: Options

    def judge(self) -> Judge:
        """A judge of one's own."""
        contract, schemas, engine, fragment = self.made_of
        checker = Checker(contract, schemas, engine=engine, fragment=fragment)  # type: ignore[arg-type]  # what a checker said it was made of
        return Judge(checker, self.settings, self.reading, self.options)


_judge: Judge | None = None  # of this process, if it is a worker


def parts_by_workers(found: Iterable[Chunk], recipe: Recipe, workers: int) -> Iterator[Part]:
    """The part of every chunk, in their order.

    Raises DocpactError if a worker dies, as it does where memory runs out.
    """
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    pool = ProcessPoolExecutor(workers, context, initializer=_begin, initargs=(recipe,))
    waiting: deque[Future[list[Part]]] = deque()
    try:
        for batch in batches(found):
            waiting.append(pool.submit(_judged, batch))
            if len(waiting) > workers * _AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenProcessPool as cause:
        hint = "Fewer --workers need less memory."
        raise DocpactError("a worker died before it had judged its part", hint=hint) from cause
    except BaseException:
        for process in multiprocessing.active_children():
            process.terminate()
        raise
    finally:
        # A pool that is left to itself may wake up while Python ends, and then fails aloud.
        pool.shutdown(wait=True, cancel_futures=True)


def _begin(recipe: Recipe) -> None:
    global _judge  # noqa: PLW0603  # a worker judges one run, and then ends
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the one who started the run decides
    _judge = recipe.judge()


def _judged(batch: tuple[Chunk, ...]) -> list[Part]:
    if _judge is None:  # pragma: no cover  # the pool has begun it
        raise DocpactError("the worker was not made ready")
    parts = []
    for chunk in batch:
        (part,) = _judge.judge(chunk)
        parts.append(part)
    return parts
