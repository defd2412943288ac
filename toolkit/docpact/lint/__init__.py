"""Judge the page itself: where it contradicts itself, and where it leaves one to guess."""

from docpact.lint.context import PageContext, context_of
from docpact.lint.linter import PAGE_RULES, findings_about, lint

__all__ = ["PAGE_RULES", "PageContext", "context_of", "findings_about", "lint"]
