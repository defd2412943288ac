"""Check an endpoint: planned calls, drawn calls, and schemathesis, judged by one contract."""

from docpact.runner.probes import Known
from docpact.runner.result import Limits, Outcome, Progress, Target
from docpact.runner.run import Run

__all__ = ["Known", "Limits", "Outcome", "Progress", "Run", "Target"]
