"""What fields of forms have in common."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms.validators import Length

REQUIRED = _l("Cần điền mục này.")
LINE = Length(max=200, message=_l("Không quá 200 ký tự."))
