"""The rules of a source, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from markupsafe import Markup

from core.i18n import named
from incidents.catalogue import queries as catalogue
from incidents.intake.rules import ANY, TEXT, TITLE, IntakeRule
from incidents.words import severity_word
from people import queries as people


@dataclass(frozen=True)
class RuleWords:
    """Rules as sentences; names are looked up once a page."""

    categories: Mapping[str, str] = field(
        default_factory=lambda: {each.code: named(each) for each in catalogue.all_categories()}
    )

    def when(self, rule: IntakeRule) -> str:
        """Tiêu đề có chứa “mất điện”; for a page, on which the words sought are those of whoever wrote the rule."""
        if rule.how == "always":
            return _("Mọi tin")
        names = {ANY: _("Bất cứ chỗ nào"), TITLE: _("Tiêu đề"), TEXT: _("Nội dung")}
        facts = {
            "where": names.get(rule.field, rule.field),
            "sought": Markup('<span lang="vi">%s</span>') % rule.sought,
        }
        match rule.how:
            case "is":
                said = _("%(where)s đúng bằng “%(sought)s”")
            case "begins":
                said = _("%(where)s bắt đầu bằng “%(sought)s”")
            case _other:
                said = _("%(where)s có chứa “%(sought)s”")
        return Markup(said) % facts  # noqa: S704  (a sentence of the catalogue; the facts are escaped)

    def then(self, rule: IntakeRule) -> str:
        """Mất điện · ít nhất mức 2 · tại Bưu điện huyện A."""
        said = []
        if rule.then == "drop":
            return _("bỏ qua, không gọi ai")
        if rule.then == "raise":
            said.append(_("luôn ghi sự cố"))
        if rule.category:
            said.append(self.categories.get(rule.category, rule.category))
        if rule.severity is not None:
            level, word = rule.severity, severity_word(rule.severity)
            said.append(
                _("đúng mức %(n)s · %(word)s", n=level, word=word)
                if rule.exactly
                else _("ít nhất mức %(n)s · %(word)s", n=level, word=word)
            )
        if rule.unit_from:
            said.append(_("đơn vị theo mã ở mục %(name)s", name=rule.unit_from))
        if rule.unit:
            unit = people.find_unit(rule.unit)
            said.append(_("tại %(unit)s", unit=unit.name if unit else rule.unit))
        return ", ".join(said)
