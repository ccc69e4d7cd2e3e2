"""Compiled templates, kept from run to run for as long as what compiles them stays the same."""

from __future__ import annotations

import sys
from hashlib import sha256
from pathlib import Path

import jinja2
import pytest
from jinja2 import BytecodeCache, Environment, FileSystemBytecodeCache

from tests.support.once import folder_of_run

SET_UP_BY = ("core.web", "core.i18n")


def folder(config: pytest.Config, factory: pytest.TempPathFactory) -> Path:
    """That pytest keeps; without its cache (``-p no:cacheprovider``) the one of this run."""
    cache = getattr(config, "cache", None)
    return folder_of_run(factory) if cache is None else cache.mkdir("templates")


def cache(environment: Environment, folder: Path) -> BytecodeCache:
    """Jinja asks for a template that was compiled by name and source alone, whatever it would make of them today."""
    mine = folder / compiler(environment)
    mine.mkdir(parents=True, exist_ok=True)
    return FileSystemBytecodeCache(str(mine))


def compiler(environment: Environment) -> str:
    """A digest of what turns a template into code: Jinja, extensions, and the filters and tests, which it asks about
    what never changes."""
    asked = [*map(type, environment.extensions.values()), *environment.filters.values(), *environment.tests.values()]
    modules = {*SET_UP_BY, *(getattr(each, "__module__", "") for each in asked)}
    said = [sys.version, jinja2.__version__]
    for name in sorted(filter(None, modules)):
        path = getattr(sys.modules.get(name), "__file__", None)
        said.append(f"{name} {sha256(Path(path).read_bytes()).hexdigest() if path else ''}")
    return sha256("\n".join(said).encode()).hexdigest()[:16]
