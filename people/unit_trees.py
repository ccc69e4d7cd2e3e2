"""Units above and below a unit, as statements for ``queries``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Select, bindparam, literal, select

from people.models import Unit


def _subtree() -> Select[tuple[int]]:
    tree = select(Unit.id).where(Unit.id == bindparam("unit_id")).cte("subtree", recursive=True)
    tree = tree.union(select(Unit.id).join(tree, Unit.parent_id == tree.c.id))
    return select(tree.c.id)


def _ancestors() -> Select[tuple[int]]:
    chain = (
        select(Unit.id, Unit.parent_id, literal(0).label("height"))
        .where(Unit.id == bindparam("unit_id"))
        .cte("ancestors", recursive=True)
    )
    chain = chain.union_all(
        select(Unit.id, Unit.parent_id, chain.c.height + 1).join(chain, Unit.id == chain.c.parent_id)
    )
    return select(chain.c.id).order_by(chain.c.height)


def _ancestors_of() -> Select[tuple[int, int | None]]:
    chain = select(Unit.id, Unit.parent_id).where(Unit.id.in_(bindparam("unit_ids", expanding=True)))
    tree = chain.cte("ancestors", recursive=True)
    tree = tree.union(select(Unit.id, Unit.parent_id).join(tree, Unit.id == tree.c.parent_id))
    return select(tree.c.id, tree.c.parent_id)


SUBTREE, ANCESTORS, ANCESTORS_OF = _subtree(), _ancestors(), _ancestors_of()
"""Built once: every look-up of who is on duty begins here, and to build one costs more than to run it."""


def climb(unit_id: int, above: Mapping[int, int | None]) -> Iterator[int]:
    """Yield the unit and each above it. ``above``: unit → parent, as ``ANCESTORS_OF`` answers."""
    here: int | None = unit_id
    while here is not None and here in above:
        yield here
        here = above[here]
