"""What a team decided about findings: which rules count, how much, and what fails a run."""

from docpact.settings.layers import Overrides, find_plugin_options, find_settings
from docpact.settings.model import Selector, Settings, refuse_unknown_fields

__all__ = [
    "Overrides",
    "Selector",
    "Settings",
    "find_plugin_options",
    "find_settings",
    "refuse_unknown_fields",
]
