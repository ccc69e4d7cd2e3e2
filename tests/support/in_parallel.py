"""Many at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from core.db import db


def in_parallel(app: Flask, times: int, work: Callable[[int], Any]) -> list[Any]:
    """Results of ``work(n)`` done by that many threads at once; a thread's error fails the test."""
    db.session.rollback()
    gate, results, faults = threading.Barrier(times), [], []

    def run(n: int) -> None:
        with app.app_context():
            gate.wait()
            try:
                results.append(work(n))
            except Exception as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(n,)) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    return results
