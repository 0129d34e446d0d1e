"""The tables of shared indexes, in a PostgreSQL schema of their own.

Not by Alembic: nothing in them cannot be built again, so a newer FORMAT drops those of an older
one. The ledger of what is to be embedded is in the same schema, and makes its own table.
"""

from __future__ import annotations

from typing import LiteralString

from indexer.generation import FORMAT as READ

FORMAT = 1
OLDEST = (0, 7)  # pgvector: the first with halfvec
WRITTEN = 120214  # advisory lock, with a community's hash: one publishes for it at a time
INDEXING = 120216  # communities' own generations built
FILES = 120215  # shared while files are referred to, alone while those that are not are removed

# By their whole names: the public schema, which has the extension, may have others' like these.
DROPPED: tuple[LiteralString, ...] = (
    "DROP TABLE IF EXISTS outcomes_index.current, outcomes_index.held, outcomes_index.word,"
    " outcomes_index.generation, outcomes_index.file, outcomes_index.passage,"
    " outcomes_index.format CASCADE",
)

# A generation is one community's ("" for the shipped texts, else the name of its home). `apart`
# ones have a partition with an HNSW of their own; all others share partition 0, which has no
# index by meaning: in one that several share, those of a small community are not found.
TABLES: tuple[LiteralString, ...] = (
    "CREATE TABLE format (format int NOT NULL)",
    """CREATE TABLE generation (
        id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        community text NOT NULL,
        model text NOT NULL,
        name text NOT NULL,
        manifest text NOT NULL,
        stamp text NOT NULL,
        size int NOT NULL,
        width int NOT NULL,
        apart boolean NOT NULL,
        retired timestamptz)""",
    """CREATE TABLE current (
        community text NOT NULL,
        model text NOT NULL,
        generation int NOT NULL REFERENCES generation,
        PRIMARY KEY (community, model))""",
    """CREATE TABLE file (
        checksum text NOT NULL,
        place int NOT NULL,
        content bytea NOT NULL,
        PRIMARY KEY (checksum, place))""",
    """CREATE TABLE held (
        generation int NOT NULL REFERENCES generation ON DELETE CASCADE,
        name text NOT NULL,
        checksum text NOT NULL,
        PRIMARY KEY (generation, name))""",
    """CREATE TABLE passage (
        part int NOT NULL,
        generation int NOT NULL,
        place int NOT NULL,
        vector halfvec NOT NULL,
        statements bytea NOT NULL,
        PRIMARY KEY (part, generation, place)) PARTITION BY LIST (part)""",
    "CREATE TABLE passage_0 PARTITION OF passage FOR VALUES IN (0)",
    """CREATE TABLE word (
        generation int NOT NULL REFERENCES generation ON DELETE CASCADE,
        word bytea NOT NULL,
        places bytea NOT NULL,
        scores bytea NOT NULL,
        PRIMARY KEY (generation, word))""",
    # Vectors do not compress; what is not looked at for it is written and read faster.
    "ALTER TABLE passage_0 ALTER statements SET STORAGE EXTERNAL",
    "ALTER TABLE word ALTER places SET STORAGE EXTERNAL, ALTER scores SET STORAGE EXTERNAL",
    "ALTER TABLE file ALTER content SET STORAGE EXTERNAL",
)


def kept_under(model: str) -> str:
    """What a model's generations are found by: a program that writes them in another format has
    its own, and neither takes the other's away while both serve."""
    return f"{model}/{READ}"
