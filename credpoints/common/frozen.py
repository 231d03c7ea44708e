"""Rows that the database itself keeps unchanged: published, final and verified things, once they are so.

Used by migrations: `RunPython(*frozen_rows("modules", "Result", when="state IN ('final')", free={"state"}))`. SQLite
drops triggers when a later migration rebuilds the table (adding or altering a field), so such a migration repeats it;
the test that tries to change a frozen row by plain SQL says when somebody forgets.
"""

from collections.abc import Callable
from typing import Any

Operation = Callable[[Any, Any], None]


def frozen_rows(app: str, model: str, *, when: str, free: set[str], then: str = "") -> tuple[Operation, Operation]:
    """Return the two functions of a RunPython that freeze rows of a model.

    `when` is a condition on the old row ({old}.state = 'final'); `free` names the columns that may still change;
    `then` is what has to hold for the new row ({new}.state IN (…)).
    """

    def freeze(apps: Any, schema_editor: Any) -> None:
        meta = apps.get_model(app, model)._meta
        vendor = schema_editor.connection.vendor
        differs = "IS DISTINCT FROM" if vendor == "postgresql" else "IS NOT"
        columns = [field.column for field in meta.concrete_fields if field.column not in free]
        broken = [f'OLD."{column}" {differs} NEW."{column}"' for column in columns]
        if then:
            broken.append(f"NOT ({then.format(new='NEW')})")
        condition = f"({when.format(old='OLD')}) AND ({' OR '.join(broken)})"
        name, message = _names(meta.db_table)
        for statement in _statements(vendor, meta.db_table, name, message, condition):
            schema_editor.execute(statement, params=None)

    def thaw(apps: Any, schema_editor: Any) -> None:
        table = apps.get_model(app, model)._meta.db_table
        name, _message = _names(table)
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
            schema_editor.execute(f"DROP FUNCTION IF EXISTS {name}")
        else:
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {name}")

    return freeze, thaw


def _names(table: str) -> tuple[str, str]:
    return f"{table}_frozen", f"this row of {table} is frozen"


def _statements(vendor: str, table: str, name: str, message: str, condition: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"DROP TRIGGER IF EXISTS {name} ON {table}",
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$ "
            f"BEGIN RAISE EXCEPTION USING MESSAGE = '{message}', ERRCODE = 'integrity_constraint_violation'; END $$ "
            "LANGUAGE plpgsql",
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({condition}) EXECUTE FUNCTION {name}()",
        ]
    return [
        f"DROP TRIGGER IF EXISTS {name}",
        f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN {condition} "
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
    ]
