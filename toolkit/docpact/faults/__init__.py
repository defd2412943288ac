"""The one catalogue of faults: named breakages of a correct answer or of correct behaviour.

It feeds labelled-invalid generation, the proof that the checks work, and faulty servers.
"""

from typing import Final

from docpact.faults.fault import Fault, Shows
from docpact.faults.http import HTTP_FAULTS
from docpact.faults.meaning import MEANING_FAULTS
from docpact.faults.server import SERVER_FAULTS
from docpact.faults.shapes import SHAPE_FAULTS
from docpact.faults.texts import TEXT_FAULTS
from docpact.faults.values import VALUE_FAULTS

__all__ = ["FAULTS", "Fault", "Shows"]

FAULTS: Final[dict[str, Fault]] = {
    fault.name: fault
    for fault in (
        *VALUE_FAULTS,
        *SHAPE_FAULTS,
        *MEANING_FAULTS,
        *TEXT_FAULTS,
        *HTTP_FAULTS,
        *SERVER_FAULTS,
    )
}
