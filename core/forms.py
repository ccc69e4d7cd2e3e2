"""The base of every form: faults that WTForms words itself are said in the reader's language.

WTForms brings no Vietnamese, so its own sentences would come through in English.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, DateTimeLocalField, SelectChoice
from wtforms.widgets import TextInput

from core.calendar import dates
from core.errors import DomainError, FieldError
from core.i18n import in_sentence

NO_DAY = _l("Ghi ngày theo thứ tự ngày/tháng/năm, như 05/02/2027.")
NO_MOMENT = _l("Ghi ngày/tháng/năm và giờ, như 05/02/2027 14:30.")
_TOO_LONG = _l("Không quá %(max)s ký tự.")
WORDS = {
    "This field is required.": _l("Cần điền mục này."),
    "Not a valid choice.": _l("Chọn một trong các mục có sẵn."),
    "Invalid Choice: could not coerce.": _l("Chọn một trong các mục có sẵn."),
    "Not a valid integer value.": _l("Ghi một số nguyên."),
    "Not a valid time value.": _l("Ghi giờ như 08:00."),
    "Number must be between %(min)s and %(max)s.": _l("Ghi số từ %(min)s đến %(max)s."),
    "Field cannot be longer than %(max)d character.": _TOO_LONG,
    "Field cannot be longer than %(max)d characters.": _TOO_LONG,
}
"""WTForms' sentence → ours; placeholders are filled afterwards."""


class _Sentence(str):
    """WTForms fills it in itself."""

    def __mod__(self, values: Any) -> str:
        return super().__mod__(in_sentence(values))


class _Words:
    def gettext(self, said: str) -> str:
        return _Sentence(WORDS.get(said, said))

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


class Form(FlaskForm):
    """``aliases``: what services call a field that has another name here. ``fallback``: the field beside which a fault
    is shown that is about none of the form's; without it, at the top."""

    aliases: ClassVar[Mapping[str, str]] = {}
    fallback: ClassVar[str] = ""

    class Meta(FlaskForm.Meta):
        def get_translations(self, form: Any) -> _Words:
            return _Words()

    def take(self, error: DomainError) -> None:
        """Show a service's faults beside the fields they are about."""
        for fault in error.errors or [FieldError("", error.code, error.params)]:
            owner = self._fields.get(self.name_of(fault.field)) or self._fields.get(self.fallback)
            if owner is None:
                self.form_errors.append(fault.message())
            else:
                owner.errors = [*owner.errors, fault.message()]

    def name_of(self, field: str) -> str:
        """Return what the form calls what services call ``field``."""
        return self.aliases.get(field, field)


class FieldChoice(SelectChoice):
    """One of those that a field offers."""

    @property
    def pair(self) -> tuple[Any, Any]:
        """Value and label, for templates that draw it themselves."""
        return self.value, self.label


def choices(pairs: Iterable[tuple[Any, Any]]) -> list[FieldChoice]:
    """Return what a field offers, by value and label."""
    return [FieldChoice(value, label) for value, label in pairs]


class _Plain(TextInput):
    """A field of text, which a script makes the browser's own where the browser writes the day first as well."""

    def __init__(self, native: str, order: Any) -> None:
        super().__init__()
        self.native, self.order = native, order

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        kwargs = {"data-native": self.native, "placeholder": self.order, "autocomplete": "off", **kwargs}
        return super().__call__(field, **kwargs)


class DayField(DateField):
    """A day, day first or in ISO."""

    widget = _Plain("date", _l("ngày/tháng/năm"))

    def _value(self) -> str:
        return dates.day_shown(" ".join(self.raw_data) if self.raw_data else self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        said = "".join(valuelist).strip()
        self.raw_data = [said]  # blanks are nothing to a validator that requires something
        self.data = dates.day(said)
        if said and self.data is None:
            raise ValueError(NO_DAY)


class MomentField(DateTimeLocalField):
    """A day and a time of Việt Nam, aware, day first or in ISO."""

    widget = _Plain("datetime-local", _l("ngày/tháng/năm giờ:phút"))

    def _value(self) -> str:
        return dates.moment_shown(" ".join(self.raw_data) if self.raw_data else self.data)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        said = "".join(valuelist).strip()
        self.raw_data = [said]
        self.data = dates.moment(said)
        if said and self.data is None:
            raise ValueError(NO_MOMENT)
