"""Where defaults come from: the labour law in force on a date. Sources for a warning, never a finding of lawfulness.

Which hours of a duty count as working time, and which exceptions an enterprise may use, is for the employer and the
labour authority to say. A law's dates are those on which shifts fall.
"""

from __future__ import annotations

from datetime import date, timedelta

from planning.rules.base import Norm

OLD, NEW = "Bộ luật Lao động 10/2012/QH13", "Bộ luật Lao động 45/2019/QH14"
LAST_OF_OLD, FIRST_OF_NEW = date(2020, 12, 31), date(2021, 1, 1)
DECREE_145 = date(2021, 2, 1)
RESOLUTION_17 = date(2022, 4, 1)


def _both(old_article: str, new_article: str, old: int | None = None, new: int | None = None) -> tuple[Norm, ...]:
    return (
        Norm(f"{OLD}, {old_article}", until=LAST_OF_OLD, value=old),
        Norm(f"{NEW}, {new_article}", since=FIRST_OF_NEW, value=old if new is None else new),
    )


REST_BETWEEN_SHIFTS = _both("Điều 109", "Điều 110", 720)
WEEKLY_REST = _both("Điều 110", "Điều 111", 1440)
NIGHT = _both("Điều 105", "Điều 106")
PROTECTED = _both("Điều 155, Điều 163", "Điều 137, Điều 146")
NORMAL_HOURS = _both("Điều 104", "Điều 105")
WEEKLY_HOURS = _both("Điều 104, Điều 106", "Điều 105, Điều 107")

HOURS_OF_A_DAY = (
    Norm("Nghị định 45/2013/NĐ-CP, Điều 4", until=LAST_OF_OLD, value=720),
    Norm(f"{NEW}, Điều 107", since=FIRST_OF_NEW, until=DECREE_145 - timedelta(days=1), value=720),
    Norm(f"{NEW}, Điều 107; Nghị định 145/2020/NĐ-CP, Điều 60", since=DECREE_145, value=720),
)

# A cautious reading by the enterprise: the acts limit overtime of a day, and say nothing of duty across midnight.
LONG_DUTY = (
    Norm(f"{OLD}, Điều 106; Nghị định 45/2013/NĐ-CP, Điều 4", until=LAST_OF_OLD, value=720),
    Norm(f"{NEW}, Điều 107", since=FIRST_OF_NEW, until=DECREE_145 - timedelta(days=1), value=720),
    Norm(f"{NEW}, Điều 107; Nghị định 145/2020/NĐ-CP, Điều 60", since=DECREE_145, value=720),
)
# Of the law in force; the rules' own defaults too.
MOST_OVERTIME_OF_A_MONTH, MOST_OVERTIME_OF_A_YEAR = 40 * 60, 200 * 60
OVERTIME_OF_A_MONTH = _both("Điều 106", "Điều 107", 30 * 60, MOST_OVERTIME_OF_A_MONTH)
OVERTIME_OF_A_YEAR = _both("Điều 106", "Điều 107", MOST_OVERTIME_OF_A_YEAR)

# With the 300-hour regime; before the resolution it left the month as it was.
SPECIAL_MONTH = (Norm("Nghị quyết 17/2022/UBTVQH15, Điều 1", since=RESOLUTION_17, value=60 * 60),)
SPECIAL_YEAR = (
    Norm(f"{OLD}, Điều 106", until=LAST_OF_OLD, value=300 * 60),
    Norm(f"{NEW}, Điều 107; Nghị quyết 17/2022/UBTVQH15", since=FIRST_OF_NEW, value=300 * 60),
)
