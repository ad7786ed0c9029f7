"""The examples in the docstrings of sync are true."""

import doctest
import importlib
import pkgutil

import pytest

import sync

MODULES = [f"sync.{module.name}" for module in pkgutil.iter_modules(sync.__path__)]


@pytest.mark.parametrize("name", MODULES)
def test_every_example_in_a_docstring_is_true(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0
