"""What all tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile("default", deadline=None, max_examples=100)
settings.register_profile(
    "deep", deadline=None, max_examples=1000, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The top folder of the checkout."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def vendor_pages(checkout: Path) -> Path:
    """The vendor's own pages, which are not part of the project."""
    pages = checkout.parent / "shared" / "pages"
    if not pages.is_dir():
        pytest.skip("the vendor's pages are not beside this checkout")
    return pages
