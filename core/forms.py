"""The base of every form: faults that WTForms words itself are said in the reader's language.

WTForms brings no Vietnamese, so its own sentences would come through in English.
"""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm

_TOO_LONG = _l("Không quá %(max)d ký tự.")
WORDS = {
    "This field is required.": _l("Cần điền mục này."),
    "Not a valid choice.": _l("Chọn một trong các mục có sẵn."),
    "Invalid Choice: could not coerce.": _l("Chọn một trong các mục có sẵn."),
    "Not a valid integer value.": _l("Ghi một số nguyên."),
    "Not a valid date value.": _l("Ghi ngày hợp lệ."),
    "Not a valid time value.": _l("Ghi giờ như 08:00."),
    "Not a valid datetime value.": _l("Ghi ngày giờ hợp lệ."),
    "Number must be between %(min)s and %(max)s.": _l("Ghi số từ %(min)s đến %(max)s."),
    "Field cannot be longer than %(max)d character.": _TOO_LONG,
    "Field cannot be longer than %(max)d characters.": _TOO_LONG,
}
"""WTForms' sentence → ours; placeholders are filled afterwards."""


class _Words:
    def gettext(self, said: str) -> str:
        return str(WORDS.get(said, said))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class Form(FlaskForm):  # type: ignore[misc]
    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def get_translations(self, form: Any) -> _Words:
            return _Words()
