"""The two sounds of the desk, made from sine waves: ``python -m scripts.make_sounds`` writes static/sounds/*.wav.

8 kHz, 8 bit, mono: small enough to be there before it is needed, and loud where ears are keenest.
"""

from __future__ import annotations

import math
import wave
from pathlib import Path

RATE = 8000
FOLDER = Path(__file__).parent.parent / "static" / "sounds"
Note = tuple[float, float]
"""Hertz (0: silence) and seconds."""
LATE: list[Note] = [(880, 0.18), (0, 0.05), (1174.7, 0.18), (0, 0.05)] * 3
NEW: list[Note] = [(659.3, 0.16), (0, 0.03), (880, 0.32)]


def samples(notes: list[Note]) -> bytes:
    """Unsigned bytes; each note swells and fades, so that nothing clicks."""
    found = bytearray()
    for hertz, seconds in notes:
        count = round(seconds * RATE)
        for n in range(count):
            swell = min(1.0, n / 80, (count - n) / 240)
            tone = math.sin(math.tau * hertz * n / RATE) + 0.35 * math.sin(2 * math.tau * hertz * n / RATE)
            found.append(round(128 + 88 * swell * tone) if hertz else 128)
    return bytes(found)


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, notes in (("late", LATE), ("new", NEW)):
        with wave.open(str(FOLDER / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(RATE)
            file.writeframes(samples(notes))


if __name__ == "__main__":
    main()
