"""A province with two districts in one campaign of three days: each has a manager, people of its own and a post.

Units ``TINH`` over ``A`` and ``B``; people ``A1`` … ``A4`` and ``B1`` … ``B4`` (operations), by day one of each unit.
Turn ``n`` is published with the ``n % 2 + 1``-th of them.
"""

from __future__ import annotations

from tests.support import factories

NOW = factories.NOW
ADMIN = factories.ADMIN
