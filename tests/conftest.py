"""Options of the tests."""

from hypothesis import settings

# the same examples everywhere, and no deadline: the machines differ
settings.register_profile("argmine", deadline=None, derandomize=True)
settings.load_profile("argmine")


def pytest_addoption(parser):
    parser.addoption("--rewrite-golden", action="store_true", help="write the golden files anew")
    parser.addoption("--screenshots", action="store_true", help="take the pictures of the page in the docs anew")
