"""The register of projects with its people, reports and audit log, and what was learned of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"

TABLES = (
    *("person", "draft", "project", "project_outcome", "register"),
    *("hidden", "report", "fit", "audit"),
)
# An entry may only go when its community is forgotten, which takes its row of `register` first.
ON_SQLITE = (
    """CREATE TRIGGER audit_kept BEFORE UPDATE ON audit
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_not_replaced BEFORE INSERT ON audit
    WHEN EXISTS (SELECT 1 FROM audit WHERE audit.id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_not_erased BEFORE DELETE ON audit
    WHEN EXISTS (SELECT 1 FROM register WHERE register.community = OLD.community)
    BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
)
ON_POSTGRESQL = (
    """CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP <> 'DELETE' OR EXISTS (SELECT 1 FROM register WHERE community = OLD.community)
    THEN RAISE EXCEPTION 'the audit log is append-only'; END IF;
    RETURN OLD; END $$""",
    """CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit
    FOR EACH ROW EXECUTE FUNCTION audit_kept()""",
    """CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit
    FOR EACH STATEMENT EXECUTE FUNCTION audit_kept()""",
)


def upgrade() -> None:
    _people()
    _projects()
    _moderation()
    _audit()
    file = op.get_bind().dialect.name == "sqlite"
    for statement in ON_SQLITE if file else ON_POSTGRESQL:
        op.execute(statement)


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name="pk_person"),
    )
    op.create_index("ix_person_community_key", "person", ["community", "key"], unique=True)
    op.create_table(
        "draft",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("outcomes", sa.JSON(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("author_key", sa.Text(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name="pk_draft"),
    )
    op.create_index("ix_draft_kept_at", "draft", ["kept_at"])


def _projects() -> None:
    words = ("title", "description", "council", "link", "stage")
    op.create_table(
        "project",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        *(sa.Column(name, sa.Text(), nullable=False) for name in words),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.Column("owner_key", sa.Text(), nullable=False),
        sa.Column("registered_by", sa.Text(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("vector", sa.LargeBinary(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name="pk_project"),
    )
    for columns in (["community", "revision"], ["community", "registered_at"], ["shared"]):
        op.create_index(f"ix_project_{'_'.join(columns)}", "project", columns)
    op.create_table(
        "project_outcome",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("confirmed_by", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "project", "outcome", name="pk_project_outcome"),
    )
    op.create_index(
        "ix_project_outcome_community_outcome", "project_outcome", ["community", "outcome"]
    )
    op.create_table(
        "register",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("community", name="pk_register"),
    )


def _moderation() -> None:
    op.create_table(
        "hidden",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "document", name="pk_hidden"),
    )
    op.create_table(
        "report",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name="pk_report"),
    )
    op.create_index("ix_report_reported_at", "report", ["reported_at"])
    op.create_table(
        "fit",
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("base", sa.Text(), nullable=False),
        sa.Column("examples", sa.Text(), nullable=False),
        sa.Column("learned", sa.LargeBinary(), nullable=False),
        sa.Column("projects", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community", name="pk_fit"),
    )


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("community", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_key", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_community_at", "audit", ["community", "at"])


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION audit_kept()")
