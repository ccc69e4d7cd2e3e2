"""Reports without an account."""


revision = "20261125_reports"
down_revision = "20261125_contacts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
