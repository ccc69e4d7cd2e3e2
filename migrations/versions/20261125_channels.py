"""Ladders of messages, gateways, circuit breakers."""


revision = "20261125_channels"
down_revision = "20261125_policies"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""


def downgrade() -> None:
    raise NotImplementedError("restore a backup instead")
