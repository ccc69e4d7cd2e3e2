"""Which papers there are of what: handed to ``documents.kinds`` when the application is made."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from documents.kinds import DocumentKind, SubjectSort
from incidents.papers import about, article14, authority_notice, diary, handover, record

READ = "incident.read"
"""To make and print them: as the pages that show the same. Issuing asks for more."""

INCIDENT = SubjectSort(
    "incident",
    about.incident,
    about.incidents_seen,
    about.incident_page,
    (
        DocumentKind(
            "incidents.record",
            _l("Biên bản sự cố"),
            _l("Mọi việc đã ghi: người được gọi, diễn biến theo phút, ảnh có mã kiểm tra, tổng kết."),
            record.compose,
            READ,
            languages=("vi", "en"),
        ),
        DocumentKind(
            "incidents.authority_notice",
            _l("Công văn thông báo cơ quan có thẩm quyền"),
            _l("Gửi công an, cơ quan quản lý bưu chính…: chỉ những gì đã ghi, điều chưa biết ghi “chưa rõ”."),
            authority_notice.compose,
            READ,
            options=authority_notice.options,
            fit=authority_notice.fit,
        ),
        DocumentKind(
            "incidents.article14",
            _l("Biên bản theo Điều 14 Luật Bưu chính"),
            _l("Phát hiện, đình chỉ, niêm phong bưu gửi nghi vi phạm; các bên cùng ký."),
            article14.compose,
            READ,
            fit=article14.fit,
        ),
    ),
    about.incident_played,
)
HANDOVER = SubjectSort(
    "handover",
    about.handover,
    about.handovers_seen,
    about.handover_page,
    (
        DocumentKind(
            "incidents.handover",
            _l("Biên bản giao ca"),
            _l("Như đã ký, có chữ ký người giao và người nhận; chưa ký thì in ra để ký tay."),
            handover.compose,
            READ,
            numbered=False,
        ),
    ),
)
DIARY = SubjectSort(
    "diary",
    about.diary_named,
    about.diaries_seen,
    about.diary_page,
    (
        DocumentKind(
            "incidents.diary",
            _l("Nhật ký trực"),
            _l("Trang sổ của ca hoặc của ngày: ai trực, việc gì xảy ra, việc gì còn dở; hai bên ký."),
            diary.compose,
            READ,
            options=diary.options,
            numbered=False,
        ),
    ),
)
SORTS = (INCIDENT, HANDOVER, DIARY)
