"""Check an endpoint: planned calls, drawn calls, and schemathesis, judged by one contract."""

from docpact.runner.limits import Limits
from docpact.runner.outcome import Outcome, Progress
from docpact.runner.probes import Known
from docpact.runner.run import Run
from docpact.runner.target import Target

__all__ = ["Known", "Limits", "Outcome", "Progress", "Run", "Target"]
