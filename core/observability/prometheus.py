"""PURE numbers as text that Prometheus reads (exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Sample:
    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Metric:
    """``help`` is one sentence; samples differ in their labels."""

    name: str
    kind: Literal["gauge", "counter"]
    help: str
    samples: tuple[Sample, ...]


def render(metrics: Iterable[Metric]) -> str:
    """The page; metrics without samples are left out, as Prometheus wants."""
    return "".join(_metric(each) for each in metrics if each.samples)


def _metric(metric: Metric) -> str:
    lines = [f"# HELP {metric.name} {_help(metric.help)}", f"# TYPE {metric.name} {metric.kind}"]
    lines += [f"{metric.name}{_labels(each.labels)} {_number(each.value)}" for each in metric.samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    inside = ",".join(f'{name}="{_quoted(value)}"' for name, value in labels.items())
    return f"{{{inside}}}" if inside else ""


def _quoted(text: str) -> str:
    return _help(text).replace('"', '\\"')


def _help(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
