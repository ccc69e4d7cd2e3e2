"""PURE whose fault an error of the database is, its own or that of the row it was given.

The first is nobody's in particular and passes: whatever it was written for is rolled back and done again. The second
would come again for ever, and may not keep others from theirs.
"""

from __future__ import annotations

DRIVERS = ("psycopg", "sqlite3", "pysqlite3")
WRAPPED = "sqlalchemy"
OF_A_ROW = ("22", "23502", "23514")
"""SQLSTATE: a value that does not fit (class 22), one that is missing, one that no rule allows."""
FOR_ANOTHERS_SAKE = ("55P03", "40001", "40P01", "25P03")
"""SQLSTATE: a lock that did not come free in time, two that cannot both be, a deadlock, a pause in a transaction that
lasted too long. With each of them the server says that nothing of the transaction was written."""
UNDONE = "was_before_the_commit"
"""Mark on a fault: who lost the line while it committed does not know whether it did."""
OF_A_ROW_SQLITE = ("SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK", "SQLITE_TOOBIG", "SQLITE_MISMATCH")
SAID_OF_A_ROW = ("NOT NULL constraint failed", "CHECK constraint failed")


def is_databases(fault: BaseException) -> bool:
    """Whether ``fault`` is one of the database (full, locked, gone, two at once), not of the values it was given."""
    cause = getattr(fault, "orig", None) or fault
    if not (_is_from(fault, (WRAPPED,)) or _is_from(fault, DRIVERS)):
        return False
    if not _is_from(cause, (WRAPPED, *DRIVERS)):  # a value that could not even be handed over
        return False
    state, name = getattr(cause, "sqlstate", None), getattr(cause, "sqlite_errorname", None)
    if state is not None:
        return not state.startswith(OF_A_ROW)
    if name == "SQLITE_CONSTRAINT":  # a driver that does not tell which
        return not str(cause).startswith(SAID_OF_A_ROW)
    if name is not None:
        return name not in OF_A_ROW_SQLITE
    # Without a code it never reached the database: a value of an unknown kind, or there was no line.
    return not _is_called(cause, ("DataError", "ProgrammingError", "InterfaceError")) or _is_from(cause, (WRAPPED,))


def passes(fault: BaseException) -> bool:
    """Whether what met ``fault`` was given up for another's sake alone, or lost its line on the way: nothing of it was
    written, and the same may go well a moment later."""
    if getattr(getattr(fault, "orig", fault), "sqlstate", None) in FOR_ANOTHERS_SAKE:
        return True
    return bool(getattr(fault, "connection_invalidated", False)) and getattr(fault, UNDONE, False) is True


def note_undone(fault: BaseException) -> None:
    """It came before anything was to be committed."""
    setattr(fault, UNDONE, True)


def is_line(fault: BaseException) -> bool:
    """Whether ``fault`` is one of the line to the database, or of what it has to do, and not of what was asked."""
    return (
        passes(fault)
        or bool(getattr(fault, "connection_invalidated", False))
        or _is_called(fault, ("OperationalError",))
    )


def _is_from(fault: BaseException, packages: tuple[str, ...]) -> bool:
    return any(each.__module__.partition(".")[0] in packages for each in type(fault).__mro__)


def _is_called(fault: BaseException, names: tuple[str, ...]) -> bool:
    return any(each.__name__ in names for each in type(fault).__mro__)
