"""By which channel people hear of what can wait and is to be read: consents, covers, new revisions."""

from __future__ import annotations

from people.notification_rules.reading import ways as to_read

__all__ = ["to_read"]
