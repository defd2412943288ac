"""Judge the page itself: where it contradicts itself, and where it cannot be taken at its word."""

from docpact.lint.context import Subject, subject_of
from docpact.lint.linter import findings_about, lint
from docpact.lint.review import PageFile, Placements, Reviewed, page_files, review, reviewed

__all__ = [
    "PageFile",
    "Placements",
    "Reviewed",
    "Subject",
    "findings_about",
    "lint",
    "page_files",
    "review",
    "reviewed",
    "subject_of",
]
