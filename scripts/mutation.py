"""Whether a test fails when a rule is changed: mutation checks of the pure rules, by mutmut.

``make mutation`` runs the modules whose text or tests differ from ``tests/mutation.json`` and writes down there what it
found; a mutant that no test notices (a survivor) stays there with a reason, or a test is written. ``make test-rest``
says ``--check``: it runs the same modules, no more than ``AT_MOST`` mutants, writes nothing, and fails when a survivor
has no reason. Nothing changed costs nothing.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RECORD = ROOT / "tests" / "mutation.json"
MUTMUT = str(Path(sys.executable).with_name("mutmut"))
PACKAGES = ("core", "notify", "people", "documents", "planning", "roster", "duty", "incidents", "compliance", "desk")
COPIED = (*PACKAGES, "app.py", "config.py", "docs")
AT_MOST = 600
"""Mutants of one ``--check``: at half a CPU second each, two for a survivor, less than five minutes on two cores."""
ROUGHLY = 3
"""Mutants a line, where a module has never been run."""
PLUGINS = ("no:cacheprovider", "no:unraisableexception", "no:threadexception", "tests.support.quick_to_fail")
SETTINGS = {
    "also_copy": COPIED,
    # A collection of garbage at the end of each run costs as much as the run.
    "pytest_add_cli_args": [part for name in PLUGINS for part in ("-p", name)],
    # What a developer reads in a traceback; under which name a problem keeps what it worked out.
    "do_not_mutate_patterns": (r"raise \w+\(", r"problem\.(facts|memo)\b"),
    # Each mutant begins in a process that has run no test: what a test before it left in a cache would hide the change.
    "process_isolation": "forkserver",
    # What never ends is stopped after a minute; what is only slow, because others use the machine too, is not.
    "timeout_constant": 6.0,
    "timeout_multiplier": 10.0,
    "use_git_change_detection": False,
}
NOTICED = ("killed", "timeout", "segfault")
UNNOTICED = ("survived", "no tests", "suspicious")
TESTS_BESIDE = re.compile(r"^from (tests\.[\w.]+) import", re.MULTILINE)
MUTANT = re.compile(r"(?P<module>[\w.]+)\.(?P<function>x[_ǁ].+)__mutmut_\d+")


@dataclass(frozen=True)
class Judged:
    """A module, the family of rules it belongs to, and the test files that judge it: its own, else the family's."""

    family: str
    module: str
    tests: tuple[str, ...]

    @property
    def digest(self) -> str:
        """Return a digest of the module and of its tests, with what these import from tests.

        Where either finds what it asks changes no judgement (no import is mutated), nor where a test stands: what rules
        rest on and what judges them can move without all being run anew.
        """
        judges = sorted(_without_imports(path) for path in set(_with_imports(self.tests)))
        texts = [_without_imports(self.module), *judges]
        return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]


@dataclass
class Found:
    """What came of a module's mutants; ``survivors``: as the changed line reads."""

    mutants: int = 0
    killed: int = 0
    survivors: list[str] = field(default_factory=list)


def _without_imports(path: str) -> str:
    text = (ROOT / path).read_text("utf-8")
    imports = (each for each in ast.parse(text).body if isinstance(each, ast.Import | ast.ImportFrom))
    left_out = {line for each in imports for line in range(each.lineno, (each.end_lineno or each.lineno) + 1)}
    return "\n".join(line for n, line in enumerate(text.splitlines(), 1) if n not in left_out)


def _with_imports(tests: Iterable[str]) -> Iterator[str]:
    for test in tests:
        yield test
        for name in TESTS_BESIDE.findall((ROOT / test).read_text("utf-8")):
            if (ROOT / (beside := name.replace(".", "/") + ".py")).exists():
                yield from _with_imports([beside])


def read_kept() -> dict[str, Any]:
    record: dict[str, Any] = json.loads(RECORD.read_text("utf-8"))
    return record


def judged(record: Mapping[str, Any]) -> list[Judged]:
    return [
        Judged(name, module, tuple(known.get("tests", family["tests"])))
        for name, family in record.items()
        for module, known in family["modules"].items()
        if (ROOT / module).exists()
    ]


def kept(record: Mapping[str, Any], one: Judged) -> dict[str, Any]:
    """Return what is recorded of the module: ``not_run`` where it was never run to the end, ``tests`` where it has its
    own."""
    known: dict[str, Any] = record[one.family]["modules"][one.module]
    return known


def size(record: Mapping[str, Any], one: Judged) -> int:
    lines = (ROOT / one.module).read_text("utf-8").count("\n")
    return int(kept(record, one).get("mutants", ROUGHLY * lines))


def fitting(record: Mapping[str, Any], due: Sequence[Judged], most: int) -> tuple[list[Judged], list[Judged]]:
    """Return those that are run and those that are not: the smallest first, so that as many as possible are."""
    taken: list[Judged] = []
    for one in sorted(due, key=lambda each: (size(record, each), each.module)):
        if size(record, one) <= most:
            most -= size(record, one)
            taken.append(one)
    return taken, [one for one in due if one not in taken]


def run(modules: Sequence[Judged]) -> dict[str, Found]:
    """Return what mutmut finds in modules that have the same tests; path → found."""
    with tempfile.TemporaryDirectory() as folder:
        _lay_out(Path(folder), modules)
        _mutmut(folder, "run", "--max-children", str(os.cpu_count() or 2))
        results = dict(
            line.strip().rsplit(": ", 1) for line in _mutmut(folder, "results", "--all", "true").splitlines() if line
        )
        paths = {one.module.removesuffix(".py").replace("/", ".").removesuffix(".__init__"): one for one in modules}
        found = {one.module: Found() for one in modules}
        for mutant, status in sorted(results.items()):
            parts = MUTANT.fullmatch(mutant)
            if parts is None or status not in (*NOTICED, *UNNOTICED):
                raise SystemExit(f"{mutant}: {status}")
            one = found[paths[parts["module"]].module]
            one.mutants += 1
            one.killed += status in NOTICED
            if status in UNNOTICED:
                one.survivors.append(_as_it_reads(parts["function"], _mutmut(folder, "show", mutant)))
    for one in found.values():
        one.survivors = list(_told_apart(one.survivors))
    return found


def _lay_out(folder: Path, modules: Sequence[Judged]) -> None:
    """mutmut works where it stands: in a folder that shows it the tree, with settings of its own."""
    for name in (*COPIED, "tests"):
        (folder / name).symlink_to(ROOT / name)
    settings = SETTINGS | {
        "source_paths": [one.module for one in modules],
        "pytest_add_cli_args_test_selection": modules[0].tests,
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in settings.items()]
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    (folder / "pyproject.toml").write_text("\n".join([text, "[tool.mutmut]", *lines, ""]), "utf-8")


def _mutmut(folder: str, *arguments: str) -> str:
    # CI=true: hypothesis tries the same examples each time. Plugins: none is needed, and each costs each mutant.
    environment = {**os.environ, "CI": "true", "PYTHONHASHSEED": "0", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run([MUTMUT, *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"mutmut {arguments[0]} failed:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done.stdout


def _as_it_reads(function: str, shown: str) -> str:
    """``function: the changed lines``: numbers of mutants move with each change around them, lines do not."""
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    changed = [line[1:].strip() for line in lines if line.startswith("+")]
    removed = [line[1:].strip() for line in lines if line.startswith("-")]
    name = function.removeprefix("x_").removeprefix("xǁ").replace("ǁ", ".")
    return f"{name}: {' '.join(changed) or 'without ' + ' '.join(removed)}"


def _told_apart(survivors: Sequence[str]) -> Iterator[str]:
    seen: Counter[str] = Counter()
    for line in survivors:
        seen[line] += 1
        yield line if seen[line] == 1 else f"{line} ({seen[line]})"


def together(modules: Sequence[Judged]) -> Iterator[list[Judged]]:
    """Modules that the same tests judge are run at once."""
    by_tests: dict[tuple[str, ...], list[Judged]] = {}
    for one in modules:
        by_tests.setdefault(one.tests, []).append(one)
    yield from by_tests.values()


def judge(record: Mapping[str, Any], modules: Sequence[Judged], *, keep: bool) -> list[str]:
    """Run them; what no test notices and nobody has named. ``keep`` writes the record after each run."""
    nameless: list[str] = []
    for group in together(modules):
        found = run(group)
        for one in group:
            known, result = kept(record, one), found[one.module]
            reasons: dict[str, str] = known.get("survivors", {})
            print(f"{one.module}: {result.killed} of {result.mutants} noticed", flush=True)
            nameless += [f"{one.module} {line}" for line in result.survivors if not reasons.get(line)]
            if keep:
                record[one.family]["modules"][one.module] = {
                    **({"tests": known["tests"]} if "tests" in known else {}),
                    "digest": one.digest,
                    "mutants": result.mutants,
                    "killed": result.killed,
                    "survivors": {line: reasons.get(line, "") for line in result.survivors},
                }
                RECORD.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return nameless


def score(record: Mapping[str, Any]) -> list[str]:
    """The rows of the table in docs/testing.md: family, mutants, noticed, survivors, modules not run."""
    rows = []
    for name, family in record.items():
        run_ones = [known for known in family["modules"].values() if "not_run" not in known]
        mutants, killed = (sum(known[figure] for known in run_ones) for figure in ("mutants", "killed"))
        left = len(family["modules"]) - len(run_ones)
        rows.append(f"| {name} | {len(run_ones)} | {mutants} | {killed} | {mutants - killed} | {left} |")
    return rows


def is_due(record: Mapping[str, Any], one: Judged, asked: argparse.Namespace) -> bool:
    """Named, or changed since it was recorded; what is left out on purpose is run when it is named, or all are."""
    known = kept(record, one)
    if asked.modules:
        return one.module in asked.modules
    return asked.all or ("not_run" not in known and known["digest"] != one.digest)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("modules", nargs="*", help="files; without any: those that changed since they were recorded")
    parser.add_argument("--all", action="store_true", help="every module of the record")
    parser.add_argument("--check", action="store_true", help=f"write nothing, and stop at {AT_MOST} mutants")
    parser.add_argument("--score", action="store_true", help="print the rows of docs/testing.md")
    asked = parser.parse_args()
    record = read_kept()
    if asked.score:
        print("\n".join(score(record)))
        return 0
    due = [one for one in judged(record) if is_due(record, one, asked)]
    taken, left = fitting(record, due, AT_MOST) if asked.check else (due, [])
    nameless = judge(record, taken, keep=not asked.check)
    for one in left:
        print(f"not run, {AT_MOST} mutants are enough for one check: {one.module} (make mutation ARGS={one.module})")
    for line in nameless:
        print(f"no test notices: {line}")
    if nameless:
        print("Write a test that fails, or say in tests/mutation.json why none can (docs/testing.md).")
    return 1 if nameless else 0


if __name__ == "__main__":
    sys.exit(main())
