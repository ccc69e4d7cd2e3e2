"""PURE New moons and the Sun's longitude, as precise as a calendar of whole days needs.

The series are Meeus's (Astronomical Formulae for Calculators, ch. 25 and 32), the ones on which Hồ Ngọc Đức built the
computed Vietnamese calendar: errors of a minute or two, which can only matter for a moon that close to midnight.

Days are proleptic Gregorian ordinals (`date.toordinal`) of the local date in Viet Nam, always UTC+7: the legal calendar
has used one zone since 1968 and there is no daylight saving time.
"""

from functools import lru_cache
from math import floor, radians, sin

SYNODIC_MONTH = 29.530588853
_ZONE = 7 / 24
_JD_OF_ORDINAL_ZERO = 1721424.5
_MOON_ZERO = 2415020.75933

# Correction of the mean new moon, in days: (amount, its change per century, multiples of M, M' and F in the sine).
_MOON_TERMS = (
    (0.1734, -0.000393, 1, 0, 0),
    (0.0021, 0.0, 2, 0, 0),
    (-0.4068, 0.0, 0, 1, 0),
    (0.0161, 0.0, 0, 2, 0),
    (-0.0004, 0.0, 0, 3, 0),
    (0.0104, 0.0, 0, 0, 2),
    (-0.0051, 0.0, 1, 1, 0),
    (-0.0074, 0.0, 1, -1, 0),
    (0.0004, 0.0, 1, 0, 2),
    (-0.0004, 0.0, -1, 0, 2),
    (-0.0006, 0.0, 0, 1, 2),
    (0.0010, 0.0, 0, -1, 2),
    (0.0005, 0.0, 1, 2, 0),
)


def _mean_anomalies(k: int, t: float) -> tuple[float, float, float]:
    """Anomaly of the Sun, anomaly of the Moon, the Moon's argument of latitude; radians."""
    sun = 359.2242 + 29.10535608 * k - 0.0000333 * t**2 - 0.00000347 * t**3
    moon = 306.0253 + 385.81691806 * k + 0.0107306 * t**2 + 0.00001236 * t**3
    latitude = 21.2964 + 390.67050646 * k - 0.0016528 * t**2 - 0.00000239 * t**3
    return radians(sun), radians(moon), radians(latitude)


def _new_moon(k: int) -> float:
    """Julian date (UT) of the k-th new moon after that of 1 January 1900."""
    t = k / 1236.85
    sun, moon, latitude = _mean_anomalies(k, t)
    mean = _MOON_ZERO + 29.53058868 * k + 0.0001178 * t**2 - 0.000000155 * t**3
    mean += 0.00033 * sin(radians(166.56 + 132.87 * t - 0.009173 * t**2))
    correction = sum(
        (amount + change * t) * sin(a * sun + b * moon + c * latitude) for amount, change, a, b, c in _MOON_TERMS
    )
    clock_drift = -0.000278 + 0.000265 * t + 0.000262 * t**2  # ephemeris time minus universal time
    return mean + correction - clock_drift


@lru_cache(maxsize=4096)
def month_start(k: int) -> int:
    """The local day (ordinal) on which the k-th new moon falls: the first day of that lunar month."""
    return floor(_new_moon(k) + _ZONE - _JD_OF_ORDINAL_ZERO)


def lunation_of(day: int) -> int:
    """The number k of the lunar month that holds the local `day` (ordinal).

    True months are unequal; the estimate, rounded, is too late in the second half of a month and never too early, so it
    walks back to the answer. Looking at only two neighbours leaves days with no month (7 May 2054, 9 April 2062).
    """
    k = round((day + _JD_OF_ORDINAL_ZERO - _MOON_ZERO) / SYNODIC_MONTH)
    while month_start(k) > day:
        k -= 1
    return k


def _sun_longitude(julian: float) -> float:
    """The Sun's apparent longitude at a Julian date (UT), in degrees, turns not taken off."""
    t = (julian - 2451545.0) / 36525
    anomaly = radians(357.52910 + 35999.05030 * t - 0.0001559 * t**2 - 0.00000048 * t**3)
    longitude = 280.46645 + 36000.76983 * t + 0.0003032 * t**2
    longitude += (1.914600 - 0.004817 * t - 0.000014 * t**2) * sin(anomaly)
    longitude += (0.019993 - 0.000101 * t) * sin(2 * anomaly) + 0.000290 * sin(3 * anomaly)
    node = radians(125.04 - 1934.136 * t)
    return longitude - 0.00569 - 0.00478 * sin(node)


@lru_cache(maxsize=4096)
def sun_sector(day: int) -> int:
    """The twelfth of the ecliptic the Sun is in when the local day begins.

    0 from the March equinox, 3 from the June solstice, 9 from the winter solstice.
    """
    return floor(_sun_longitude(day + _JD_OF_ORDINAL_ZERO - _ZONE) % 360 / 30)
