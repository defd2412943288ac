"""What the two pages for browsers, the HTML report and the mock's explorer, have in common.

Styles and DOM helpers are files here, which each page takes beside its own; `contract_json` is what
both are given of a contract.
"""

from pathlib import Path
from typing import Final

SHARED_FILES: Final = tuple(Path(__file__).with_name(each) for each in ("shared.css", "dom.js"))
