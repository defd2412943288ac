"""Judge captures on a Dask cluster, where one machine is too small.

Chunks are judged where there is room, and their parts are joined there in trees of a few dozen;
only the roots come back, in the order of the captures, and a few at a time, so that neither the
scheduler nor this process ever holds the whole run. What was learned:

- A part travels as bytes. Joining changes both parts, but Dask keeps a task's result and gives it
  out again when a worker is lost, so each joint has copies of its own; and Dask knows their size.
- What a judge is made of is the result of a task, not scattered: a task is run again where its
  result is lost, scattered data is gone.
- Answers leave traces of some 400 bytes for what shows only over the whole run, as RequestIds that
  come twice. They are judged here, in order, at some 17 µs each, which bounds what a cluster gains.
"""

import pickle
import threading
import uuid
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import CancelledError
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import reduce
from itertools import islice
from typing import TYPE_CHECKING, BinaryIO, Final, TypeVar

from docpact.audit import Audit, Options, Whole
from docpact.audit.chunk_judge import Judge, Progress
from docpact.audit.chunks import Chunk, chunks
from docpact.audit.partial import Part
from docpact.audit.workers import Recipe
from docpact.capture import CapturedFile, Reading, Wanted
from docpact.check import Checker
from docpact.core.errors import DocpactError
from docpact.settings import Settings

if TYPE_CHECKING:
    from distributed import Client, Future

_MEGABYTE: Final = 1024 * 1024
_OPTIONS: Final = Options(most=10_000, chunk=16 * _MEGABYTE)
_AHEAD: Final = 3  # chunks that wait for each thread of the cluster
_MOST_FILES: Final = 64  # of a batch
_TOLD: Final = 5  # captures that are named where workers died
_FEWEST: Final = 2  # trees under way, however small the cluster

Item = TypeVar("Item")
Batch = tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """How parts are joined before they come back; the report is the same whatever it says."""

    leaves: int = 8  # batches of chunks under one root
    width: int = 8  # parts that are joined at once, two or more; each joint copies them


def audit_over_dask(  # noqa: PLR0913  # what is judged, by what, where and how
    client: "Client | str",
    urls: Iterable[str],
    checker: Checker,
    settings: Settings,
    reading: Reading,
    *,
    options: Options | None = None,
    storage: Mapping[str, object] | None = None,
    tree: Tree | None = None,
    progress: Progress | None = None,
) -> Audit:
    """Judge each file by the cluster of a client, or by the one whose scheduler has that address.

    An interruption, or the loss of the cluster, ends the run with what was found so far.
    Raises DocpactError if Dask is not installed, here or there, or no store knows a URL.
    """
    _check_installed()
    from docpact.capture.stored import stored_files

    if isinstance(client, str):
        with _connected(client) as made:
            return audit_over_dask(
                made,
                urls,
                checker,
                settings,
                reading,
                options=options,
                storage=storage,
                tree=tree,
                progress=progress,
            )
    options = options or _OPTIONS
    reading = replace(reading, wanted=reading.wanted or Wanted(checker.contract.operation))
    found = chunks(stored_files(urls, storage), reading.kind, options.chunk)
    recipe = Recipe(checker.made_of, settings, reading, options)
    whole = Whole(checker, settings, options)
    is_complete = True
    try:
        for part in _roots(client, _batches(found, options.chunk), recipe, tree or Tree()):
            size = part.size  # it is of no use once it is taken
            whole.take(part)
            if progress:
                progress(size)
    except KeyboardInterrupt:
        is_complete = False
    except (CancelledError, OSError) as cause:
        whole.take(Part(problems=[f"the cluster was lost: {str(cause) or type(cause).__name__}"]))
        is_complete = False
    return whole.result(complete=is_complete)


def _check_installed() -> None:
    try:
        import distributed  # noqa: F401  # both are
        import fsspec  # noqa: F401  # asked for before any work is done
    except ImportError as cause:
        hint = 'Install it: pip install "docpact[dask]"; or judge here: docpact validate --workers.'
        raise DocpactError(f"runs over Dask need {cause.name}", hint=hint) from cause


def _connected(address: str) -> "Client":
    from distributed import Client

    try:
        return Client(address)
    except (OSError, ValueError) as cause:
        hint = "It is what `dask scheduler` prints when it starts, as tcp://10.0.0.1:8786."
        raise DocpactError(f"no scheduler answers at {address}: {cause}", hint=hint) from cause


def _roots(client: "Client", found: Iterable[Batch], recipe: Recipe, tree: Tree) -> Iterator[Part]:
    """The part of every tree, in their order."""
    run = uuid.uuid4().hex
    made = client.submit(_itself, recipe, key=f"recipe-{run}")
    waiting: deque[tuple[Future[bytes], list[Batch]]] = deque()
    try:
        for group in _grouped(found, tree.leaves):
            waiting.append((_planted(client, group, made, run, tree), group))
            while len(waiting) > _most_waiting(client, tree):
                yield _part_of(*waiting.popleft())
        while waiting:
            yield _part_of(*waiting.popleft())
    finally:
        # Roots alone: what nobody waits for any more is dropped, and the scheduler of Dask 2026.8
        # breaks off if a task and what depends on it are cancelled together.
        with suppress(Exception):  # it may be the cluster that is gone
            client.cancel([root for root, _ in waiting])


def _batches(found: Iterable[Chunk], most: int) -> Iterator[Batch]:
    """Chunks for one task each, so that small files cost little to hand over."""
    batch: list[Chunk] = []
    size = 0
    for each in found:
        if batch and (size + each.size > most or len(batch) >= _MOST_FILES):
            yield tuple(batch)
            batch, size = [], 0
        batch.append(each)
        size += each.size
    if batch:
        yield tuple(batch)


def _grouped(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    left = iter(items)
    while group := list(islice(left, size)):
        yield group


def _most_waiting(client: "Client", tree: Tree) -> int:
    """How many trees may be under way; clusters grow and shrink.

    Raises ConnectionError if there is no cluster any more.
    """
    if client.status in {"closing", "closed"}:
        raise ConnectionError("its scheduler is gone")
    threads: int = sum(client.nthreads().values())
    return max(_FEWEST, -(-threads * _AHEAD // tree.leaves))


def _planted(
    client: "Client", group: list[Batch], made: "Future[Recipe]", run: str, tree: Tree
) -> "Future[bytes]":
    """The root of a tree of joints over the batches."""
    level = [client.submit(_judged, batch, made, run, pure=False) for batch in group]
    while len(level) > 1:
        level = [client.submit(_joined, *each, pure=False) for each in _grouped(level, tree.width)]
    return level[0]


def _part_of(root: "Future[bytes]", group: list[Batch]) -> Part:
    """What a tree comes to; if workers die of it again and again, that it is not in the report."""
    from distributed import KilledWorker

    try:
        return _unpacked(root.result())
    except KilledWorker:
        lost = [each for batch in group for each in batch]
        named = list(dict.fromkeys(map(_where, lost)))
        told = ", ".join(named[:_TOLD]) + (f" and {len(named) - _TOLD} more" * (len(named) > _TOLD))
        problem = f"workers died of it, so it was not judged: {told}"
        size = sum(each.size for each in lost)
        return Part(continues=lost[0].start > 0, problems=[problem], size=size)
    except ImportError as cause:
        hint = 'Install the same "docpact[dask]" on its scheduler and on every worker.'
        raise DocpactError(f"the cluster cannot run docpact: {cause}", hint=hint) from cause


def _where(chunk: Chunk) -> str:
    return f"{chunk.file.name} from byte {chunk.start}" if chunk.start else chunk.file.name


# What follows runs on the workers.

_mine = threading.local()  # a judge is no thread's but its own


def _itself(recipe: Recipe) -> Recipe:
    return recipe


def _judged(batch: Batch, recipe: Recipe, run: str) -> bytes:
    """What a batch of chunks comes to."""
    if getattr(_mine, "run", None) != run:
        _mine.judge, _mine.run = recipe.judge(), run
    return _packed(reduce(Part.then, [_part(_mine.judge, each) for each in batch]))


def _part(judge: Judge, chunk: Chunk) -> Part:
    """What a chunk comes to; if it cannot be read on, that it is so."""
    part = Part()
    try:
        for part in judge.judge(_opened(chunk)):  # noqa: B007  # the last one counts
            pass
    except OSError as cause:
        part.problems.append(f"{_where(chunk)} cannot be read: {cause.strerror or cause}")
        part.settled()
    return part


def _opened(chunk: Chunk) -> Chunk:
    """The chunk with a whole file open, so that one that cannot be read is no broken capture."""
    file = chunk.file
    if chunk.end is not None or file.problem or not file.is_capture:
        return chunk
    stream = file.open()
    stream.peek(1)  # type: ignore[attr-defined]  # all of these are buffered
    return replace(chunk, file=_OpenFile(file.name, size=file.size, stream=stream))


@dataclass(frozen=True, slots=True)
class _OpenFile(CapturedFile):
    """A file that is open already, to be read once."""

    stream: BinaryIO | None = None

    def open(self) -> BinaryIO:
        """The stream."""
        return self.stream or CapturedFile.open(self)


def _joined(*parts: bytes) -> bytes:
    """What parts in a row come to together."""
    return _packed(reduce(Part.then, map(_unpacked, parts)))


def _packed(part: Part) -> bytes:
    return pickle.dumps(part, pickle.HIGHEST_PROTOCOL)


def _unpacked(data: bytes) -> Part:
    part: Part = pickle.loads(data)  # noqa: S301  # it comes from our own tasks
    return part
