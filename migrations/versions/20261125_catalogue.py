"""Catalogue, targets, follow-up, routes and vehicles."""


revision = "20261125_catalogue"
down_revision = "20261125_restricted"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
