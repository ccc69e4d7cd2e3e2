"""Accounts and people through the services: who may hand out what, and what ends when somebody leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Forbidden, Gone, Invalid, NotFound
from core.models import AuditEntry
from people import queries, services
from people.absences import services as absence_services
from people.access import guard
from people.accounts import keys, missing_accounts, queries as account_queries, services as accounts
from people.accounts.services import NewAccount
from people.models import User
from tests.support.enterprise import NOW, PASSWORD, ROOT


def actor(ids: dict[str, int], login: str) -> Actor:
    return guard.actor_of(account_queries.user_by_id(ids[f"user:{login}"]))


def new_person(code: str, unit: str = "BDA", **values: Any) -> Any:
    given = {"full_name": f"Lê Thị {code}", "unit_code": unit, **values}
    return services.save_person(code, given, now=NOW, actor=ROOT)[0]


# --- accounts of imported people -----------------------------------------------------------------------------------


@pytest.mark.both_dbs
def test_accounts_for_imported_people_are_made_once(ids: dict[str, int]) -> None:
    people = [new_person("NV01"), new_person("NV02"), new_person("NV03", active=False)]
    accounts.create_user(
        NewAccount("nv02", "Trùng Tên", "viewer", unit_code="BDC", password=PASSWORD), now=NOW, actor=ROOT
    )
    with transaction():
        made = missing_accounts.ensure_accounts(people, now=NOW, actor=ROOT)
    assert [(user.login, user.role, user.password_hash) for user in made] == [
        ("nv01", "staff", None),
        ("nv02-2", "staff", None),
    ]
    assert missing_accounts.ensure_accounts(people, now=NOW, actor=ROOT) == []


@pytest.mark.both_dbs
def test_a_slip_opens_the_account_once_and_never_again(ids: dict[str, int]) -> None:
    (user,) = missing_accounts.ensure_accounts([new_person("NV01")], now=NOW, actor=ROOT)
    (slip,) = accounts.invite([user.id], now=NOW, actor=ROOT)
    assert (slip.login, slip.expires_at) == ("nv01", NOW + timedelta(days=14))
    accounts.accept_invitation(slip.token, "một cành mai vàng", now=NOW)
    with pytest.raises(Gone):
        accounts.accept_invitation(slip.token, "một cành mai vàng", now=NOW)
    (reset,) = accounts.invite([user.id], now=NOW, actor=ROOT)
    assert reset.expires_at == NOW + timedelta(days=2)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("ngắn", "password.too_short"),
        ("12345678", "password.weak_word"),
        ("98765432", "password.weak_run"),
        ("aaaaaaaa", "password.weak_repeat"),
        ("matkhau123", "password.weak_own"),
        ("nhanvien0001", "password.weak_own"),
        ("password1", "password.weak_word"),
        ("VNPost@2027", "password.weak_own"),
        ("Đinh Mùi 2027", "password.weak_own"),
        ("Bưu điện huyện A", "password.weak_own"),
        ("x" * 201, "password.too_long"),
    ],
)
def test_weak_passwords_are_refused(ids: dict[str, int], password: str, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        accounts.create_user(
            NewAccount("nhanvien0001", "A", "staff", unit_code="BDA", password=password), now=NOW, actor=ROOT
        )
    assert refused.value.code == code


def test_a_login_and_a_person_have_one_account(ids: dict[str, int]) -> None:
    with pytest.raises(Conflict, match="login_taken"):
        accounts.create_user(
            NewAccount("AN1", "Khác", "staff", unit_code="BDA", password=PASSWORD), now=NOW, actor=ROOT
        )
    with pytest.raises(Conflict, match="person_has_account"):
        accounts.create_user(
            NewAccount("an2", "Khác", "staff", unit_code="BDA", person_code="AN1", password=PASSWORD),
            now=NOW,
            actor=ROOT,
        )


# --- who hands out what --------------------------------------------------------------------------------------------


def test_a_manager_hands_out_roles_only_below_and_never_above_own(ids: dict[str, int]) -> None:
    an = actor(ids, "an1")
    assert accounts.set_role(ids["user:bi1"], "manager", "BDA-1", now=NOW, actor=an).role == "manager"
    for login, role, unit in [
        ("bi1", "admin", None),
        ("bi1", "manager", "BDT"),
        ("bi1", "manager", None),
        ("du1", "staff", "BDC"),
        ("qt1", "staff", "BDA"),
    ]:
        with pytest.raises(Forbidden):
            accounts.set_role(ids[f"user:{login}"], role, unit, now=NOW, actor=an)


def test_a_manager_cannot_reset_somebody_whose_role_reaches_further(ids: dict[str, int]) -> None:
    """A colleague of the district who manages the whole province sits in An's unit but not below An."""
    person = new_person("TOAN")
    wide = accounts.create_user(
        NewAccount("toan", "Toàn", "manager", unit_code="BDT", person_code=person.code, password=PASSWORD),
        now=NOW,
        actor=ROOT,
    )
    enterprise_wide = accounts.set_role(wide.id, "manager", None, now=NOW, actor=ROOT)
    for user in (wide, enterprise_wide):
        with pytest.raises(Forbidden):
            accounts.invite([user.id], now=NOW, actor=actor(ids, "an1"))


def test_the_last_admin_stays(ids: dict[str, int]) -> None:
    admin = actor(ids, "qt1")
    with pytest.raises(Conflict, match="last_admin"):
        accounts.set_active(ids["user:qt1"], False, now=NOW, actor=admin)
    with pytest.raises(Conflict, match="last_admin"):
        accounts.set_role(ids["user:qt1"], "manager", "BDT", now=NOW, actor=admin)
    with pytest.raises(Conflict, match="last_admin"):
        services.save_person("QT1", {"active": False}, now=NOW, actor=admin)


def test_role_changes_are_recorded_with_what_was_before(ids: dict[str, int], db: Any) -> None:
    accounts.set_role(ids["user:bi1"], "manager", "BDA-1", now=NOW, actor=actor(ids, "an1"))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "account.role")).one()
    assert entry.actor == f"user:{ids['user:an1']}"
    assert entry.detail["before"] == {"role": "staff", "unit_id": ids["BDA"]}


def test_who_leaves_loses_the_account_at_once(ids: dict[str, int], db: Any) -> None:
    services.save_person("BI1", {"active": False}, now=NOW, actor=actor(ids, "an1"))
    assert not db.session.get(User, ids["user:bi1"]).active
    assert account_queries.user_for_sign_in("bi1") is None


# --- rights by unit and by duty ------------------------------------------------------------------------------------


def test_people_are_written_only_where_one_may(ids: dict[str, int]) -> None:
    an = actor(ids, "an1")
    services.save_person("NEW1", {"full_name": "Mới", "unit_code": "BDA-1"}, now=NOW, actor=an)
    with pytest.raises(Forbidden):
        services.save_person("NEW2", {"full_name": "Mới", "unit_code": "BDC"}, now=NOW, actor=an)
    with pytest.raises(Forbidden):  # taking somebody from elsewhere
        services.save_person("CH1", {"unit_code": "BDA"}, now=NOW, actor=an)
    with pytest.raises(Forbidden):  # sending somebody away to elsewhere
        services.save_person("BI1", {"unit_code": "BDC"}, now=NOW, actor=an)


def test_units_hang_where_one_may_and_never_below_themselves(ids: dict[str, int]) -> None:
    an = actor(ids, "an1")
    services.save_unit("BDA-2", {"name": "A2", "kind": "service_point", "parent_code": "BDA"}, now=NOW, actor=an)
    with pytest.raises(Forbidden):
        services.save_unit("BDX", {"name": "X", "kind": "district", "parent_code": "BDT"}, now=NOW, actor=an)
    with pytest.raises(Forbidden):
        services.save_unit("BDA-2", {"parent_code": "BDC"}, now=NOW, actor=an)
    with pytest.raises(Conflict, match="cycle"):
        services.save_unit("BDA", {"parent_code": "BDA-2"}, now=NOW, actor=ROOT)


@pytest.mark.both_dbs
def test_a_grant_reaches_its_subtree_for_its_time_and_is_audited(
    ids: dict[str, int], db: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A grant of one action in the province until NOW + 1 h, to Bình: that action, there, until then."""
    ends = NOW + timedelta(hours=1)

    def source(person_id: int, now: Any) -> list[guard.Grant]:
        if person_id != ids["BI1"] or now >= ends:
            return []
        return [guard.Grant(frozenset({"absence.write"}), ids["BDT"], "duty.leadership")]

    monkeypatch.setattr(guard, "_sources", [source])
    binh = actor(ids, "bi1")
    day = date(2020, 1, 25)
    absence_services.add_absence("CH1", day, day, "sick", now=NOW, actor=binh)
    used = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "grant.used")).one()
    assert used.detail == {"used_for": "absence.write", "why": "duty.leadership"}
    with pytest.raises(Forbidden):
        absence_services.add_absence("CH1", day + timedelta(9), day + timedelta(9), "sick", now=ends, actor=binh)
    with pytest.raises(Forbidden):
        services.save_person("CH1", {"position": "x"}, now=NOW, actor=binh)


# --- contacts, search, absences ------------------------------------------------------------------------------------


@pytest.mark.both_dbs
def test_a_changed_phone_is_unverified_again_and_found_by_its_digits(ids: dict[str, int]) -> None:
    person = queries.person_by_code("BI1")
    services.confirm_contact(person.contacts[0].id, now=NOW, actor=actor(ids, "an1"))
    assert queries.person_by_code("BI1").contacts[0].verified_at == NOW
    services.save_person("BI1", {"phone": "+84 912 345 678"}, now=NOW, actor=ROOT)
    changed = queries.person_by_code("BI1")
    assert (changed.phone, changed.contacts[0].verified_at) == ("0912345678", None)
    for q in ("0912 345 678", "912345", "tran binh", "BÌNH trần", "bi1"):
        assert [each.code for each in queries.find_people(q)] == ["BI1"], q


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("phone", "12", "field.phone"),
        ("email", "a@b", "field.email"),
        ("email", "a@b.vn\nBcc: x@y.vn", "field.email"),
        ("duties", ["nope"], "duty_kind.unknown"),
        ("work_pattern", "nope", "work_pattern.unknown"),
        ("full_name", "  ", "field.required"),
    ],
)
def test_bad_fields_are_named_and_nothing_is_written(ids: dict[str, int], field: str, value: Any, code: str) -> None:
    with pytest.raises((Invalid, NotFound)) as refused:
        services.save_person("BI1", {"position": "Đã đổi", field: value}, now=NOW, actor=ROOT)
    assert (refused.value.code, refused.value.field) == (code, field)
    assert queries.person_by_code("BI1").position == "Nhân viên"


def test_absences_touch_but_never_overlap(ids: dict[str, int]) -> None:
    binh = actor(ids, "bi1")
    first, _ = absence_services.add_absence(
        "BI1", date(2020, 1, 23), date(2020, 1, 25), "annual_leave", now=NOW, actor=binh
    )
    absence_services.add_absence("BI1", date(2020, 1, 26), date(2020, 1, 26), "sick", now=NOW, actor=binh)
    with pytest.raises(Conflict, match="overlap"):
        absence_services.add_absence("BI1", date(2020, 1, 25), date(2020, 1, 27), "sick", now=NOW, actor=binh)
    with pytest.raises(Forbidden):
        absence_services.add_absence("AN1", date(2020, 1, 25), date(2020, 1, 27), "sick", now=NOW, actor=binh)
    with pytest.raises(Invalid, match="too_long"):
        absence_services.add_absence("BI1", date(2020, 2, 1), date(2021, 2, 1), "sick", now=NOW, actor=binh)
    again, is_new = absence_services.add_absence("BI1", first.from_on, first.to_on, "travel", now=NOW, actor=binh)
    assert (again.id, again.kind, is_new) == (first.id, "travel", False)
    absence_services.remove_absence(first.id, now=NOW, actor=binh)
    with pytest.raises(NotFound):
        absence_services.remove_absence(first.id, now=NOW, actor=binh)


# --- keys ----------------------------------------------------------------------------------------------------------


def test_a_key_opens_until_it_is_revoked_and_only_its_digest_is_stored(ids: dict[str, int], db: Any) -> None:
    key, secret = keys.create_api_key(keys.NewApiKey("Báo cáo", "manager", "BDA"), now=NOW, actor=ROOT)
    found = keys.identify(secret, NOW)
    assert found is not None
    assert (found.actor.role, found.actor.unit_id, found.actor.ref) == ("manager", ids["BDA"], f"key:{key.id}")
    assert secret not in (key.digest, key.name)
    keys.revoke_api_key(key.id, now=NOW, actor=ROOT)
    assert keys.identify(secret, NOW) is None
    with pytest.raises(Forbidden):
        keys.create_api_key(keys.NewApiKey("x", "staff"), now=NOW, actor=actor(ids, "an1"))


@pytest.mark.both_dbs
def test_tree_queries(ids: dict[str, int]) -> None:
    assert queries.subtree_ids(ids["BDT"])[0] == ids["BDT"]
    assert set(queries.subtree_ids(ids["BDA"])) == {ids["BDA"], ids["BDA-1"]}
    assert queries.ancestor_ids(ids["BDA-1"]) == [ids["BDA-1"], ids["BDA"], ids["BDT"]]
    assert [(depth, unit.code) for depth, unit in queries.unit_tree()] == [
        (0, "BDT"),
        (1, "BDA"),
        (2, "BDA-1"),
        (1, "BDC"),
    ]
