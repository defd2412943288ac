"""Check an endpoint: planned calls, random calls, and schemathesis, judged by one contract."""

from docpact.runner.planning import KnownInstances, Target
from docpact.runner.run import Progress, Run, RunResult
from docpact.runner.sending import Limits

__all__ = ["KnownInstances", "Limits", "Progress", "Run", "RunResult", "Target"]
