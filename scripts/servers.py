"""The real servers that some tests need: where they are expected, and whether one can work with them.

Each has an address that can be set; an address that was set and does not work is a failure, one that was only tried
by default is a test that was not run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Server:
    """A kind of server, the variable that names its address, and the address that is tried without it."""

    name: str
    variable: str
    default: str
    probe: Callable[[str], None]

    @property
    def address(self) -> str:
        """The address to use."""
        return os.environ.get(self.variable) or self.default

    @property
    def was_named(self) -> bool:
        """Whether somebody promised that it is there."""
        return bool(os.environ.get(self.variable))

    def problem(self) -> str:
        """Return why one cannot work with it, empty when one can."""
        try:
            self.probe(self.address)
        except Exception as error:  # whatever the driver raises, the answer is the same
            why = " ".join(str(error).split())[:200] or type(error).__name__
            where = _without_password(self.address)
            return f"{self.name} at {where} cannot be used ({why}); {self.variable} names another"
        return ""


def _without_password(address: str) -> str:
    scheme, _, rest = address.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}"


def _postgresql(address: str) -> None:
    import psycopg

    server = address.rpartition("/")[0] + "/postgres"
    with psycopg.connect(server, connect_timeout=5) as connection:
        row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        if not (row and row[0]):
            raise PermissionError("its user may not create databases")


def _redis(address: str) -> None:
    import redis

    redis.Redis.from_url(address, socket_connect_timeout=5).ping()


def _rabbitmq(address: str) -> None:
    import kombu

    try:
        with kombu.Connection(address, connect_timeout=5) as connection:
            connection.connect()
    except Exception:
        _make_virtual_host(address)
        with kombu.Connection(address, connect_timeout=5) as connection:
            connection.connect()


def _make_virtual_host(address: str) -> None:
    """Make the tests' own virtual host, where this user administers the RabbitMQ of this machine."""
    tool, host = shutil.which("rabbitmqctl"), address.rpartition("/")[2]
    user = address.partition("://")[2].partition(":")[0]
    if tool and host and os.geteuid() == 0:
        subprocess.run([tool, "add_vhost", host], capture_output=True, check=False, timeout=60)
        grant = [tool, "set_permissions", "-p", host, user, ".*", ".*", ".*"]
        subprocess.run(grant, capture_output=True, check=False, timeout=60)


POSTGRESQL = Server(
    "PostgreSQL", "OVERREAD_TEST_POSTGRESQL", "postgres://postgres@127.0.0.1:5432/overread_ci", _postgresql
)
REDIS = Server("Redis", "OVERREAD_TEST_REDIS", "redis://127.0.0.1:6379/9", _redis)
RABBITMQ = Server("RabbitMQ", "OVERREAD_TEST_RABBITMQ", "amqp://guest:guest@127.0.0.1:5672/overread_ci", _rabbitmq)
