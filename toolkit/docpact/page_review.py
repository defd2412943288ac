"""Lint pages in files: one report on all of them, or a line for each."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from docpact.contract import Evidence
from docpact.contract.interpret import lexicon
from docpact.contract.rulings import NO_RULINGS, rulings_beside
from docpact.core.errors import DocpactError
from docpact.core.finding import Finding, Report
from docpact.lint import findings_about
from docpact.lint.context import PageContext, context_of
from docpact.page import CodeBlock, pages_in, read_file
from docpact.settings import Settings
from docpact.settings.suppressions import apply_comments


@dataclass(frozen=True, slots=True)
class PageFile:
    """One file to review."""

    path: Path
    named: bool  # the user named it, and not only a folder that holds it


@dataclass(frozen=True, slots=True)
class Placements:
    """How many rows of the answer's table are placed by what evidence."""

    strong: int = 0
    weak: int = 0
    none: int = 0

    def __add__(self, other: "Placements") -> "Placements":
        """Both together."""
        return Placements(
            self.strong + other.strong, self.weak + other.weak, self.none + other.none
        )


@dataclass(frozen=True, slots=True)
class Reviewed:
    """What came of one page."""

    file: str
    findings: tuple[Finding, ...] = ()
    refusal: DocpactError | None = None  # why it could not be compiled
    is_operation: bool = True
    placements: Placements = Placements()
    ignored: int = 0  # findings that comments on the page want ignored
    unused: tuple[str, ...] = ()  # its comments that ignore nothing, and why


def page_files(paths: Iterable[str]) -> Iterator[PageFile]:
    """The files that are named, and the Markdown files in the folders that are."""
    for named in paths:
        path = Path(named)
        if path.is_dir():
            yield from (PageFile(each, named=False) for each in pages_in(path))
        else:
            yield PageFile(path, named=True)


def reviewed(file: PageFile, settings: Settings, *, take_rulings: bool = True) -> Reviewed:
    """What came of one page.

    Raises DocpactError if the file cannot be read, or if the rulings beside it do not fit.
    """
    page = read_file(file.path)
    rulings = rulings_beside(file.path) if take_rulings else NO_RULINGS
    context = context_of(page, rulings)
    if not _is_operation(context):
        return Reviewed(str(file.path), refusal=context.refusal, is_operation=False)
    name = str(file.path)
    left = apply_comments(findings_about(context, name), page.comments, name, settings)
    return Reviewed(
        name,
        tuple(settings.judged(iter(left.findings))),
        context.refusal,
        placements=placements_of(context),
        ignored=left.ignored,
        unused=tuple(each.unused_because for each in left.unused),
    )


def review(files: Iterable[PageFile], settings: Settings, *, take_rulings: bool = True) -> Report:
    """One report over many pages.

    A page in a folder that describes no operation is skipped; one that is named is a problem.
    """
    pages: list[Reviewed] = []
    problems: list[str] = []
    skipped = 0
    for file in files:
        try:
            page = reviewed(file, settings, take_rulings=take_rulings)
        except DocpactError as error:
            problems.append(str(error))
            continue
        if page.is_operation:
            pages.append(page)
        elif file.named:
            problems.append(str(page.refusal))
        else:
            skipped += 1
    return Report(
        tuple(finding for each in pages for finding in each.findings),
        len(pages),
        skipped,
        tuple(each.file for each in pages if not each.findings),
        tuple(problems),
        subject="page",
        ignored=sum(each.ignored for each in pages),
        unused=tuple(reason for each in pages for reason in each.unused),
    )


def placements_of(context: PageContext) -> Placements:
    """How firmly the rows of a page are placed."""
    if context.contract is None:
        return Placements()
    evidence = [field.evidence for _, field in context.contract.success.walk()]
    none = sum(each is Evidence.NOTHING for each in evidence)
    weak = sum(each.weak for each in evidence) - none
    return Placements(len(evidence) - weak - none, weak, none)


def _is_operation(context: PageContext) -> bool:
    """Whether a page that was refused describes an operation all the same."""
    return (
        context.refusal is None
        or context.parts is not None
        or any(
            isinstance(each, CodeBlock) and lexicon.REQUEST_LINE.match(each.text)
            for each in context.page.blocks
        )
    )
