"""Move an installation to another database server."""

from django.db import DEFAULT_DB_ALIAS, connections

from config.safekeeping.databases import another_database, bring_up_to_date, without_password
from config.safekeeping.rows import Summary, copy_rows
from core.errors import DomainError
from people.models import User


def move_rows(address: str) -> Summary:
    """Copy every row to the empty database at this address and show that it is the same; ours stays as it is.

    Raises DomainError when the address is not usable, when there is data, or when the copy differs; then the other
    database holds empty tables.
    """
    bring_up_to_date(DEFAULT_DB_ALIAS)
    with another_database(address) as alias:
        _refuse_data(alias, address)
        bring_up_to_date(alias)
        return copy_rows(source=DEFAULT_DB_ALIAS, target=alias)


def _refuse_data(alias: str, address: str) -> None:
    """Accept a database without tables, or with our tables and nobody in them."""
    tables = set(connections[alias].introspection.table_names())
    if not tables:
        return
    shown = without_password(address)
    if User._meta.db_table not in tables:
        raise DomainError(f"The database at {shown} holds the tables of another program: make an empty one.")
    people = User.objects.using(alias).count()
    if people:
        raise DomainError(f"The database at {shown} holds {people} accounts already: make an empty one.")
