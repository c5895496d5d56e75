"""Options of the tests, and what several of them need."""

import signal

import pytest
from hypothesis import settings

# the same examples everywhere, and no deadline: the machines differ
settings.register_profile("argmine", deadline=None, derandomize=True)
settings.load_profile("argmine")


def pytest_addoption(parser):
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--screenshots", action="store_true", help="take the pictures of the page in the docs anew")


@pytest.fixture
def interruptible():
    """Let processes that a test begins hear Ctrl-C, also where the tests run in the background and it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)
