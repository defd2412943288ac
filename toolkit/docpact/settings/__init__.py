"""What a team decided about findings: which rules count, how much, and what fails a run."""

from docpact.settings.layers import Said, find_plugin_options, find_settings
from docpact.settings.meant import refuse_unmeant
from docpact.settings.model import Settings, refuse_unknown_fields
from docpact.settings.selector import Selector

__all__ = [
    "Said",
    "Selector",
    "Settings",
    "find_plugin_options",
    "find_settings",
    "refuse_unknown_fields",
    "refuse_unmeant",
]
