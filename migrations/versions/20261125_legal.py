"""Legal steps, attachments, joined incidents."""


revision = "20261125_legal"
down_revision = "20261125_catalogue"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
