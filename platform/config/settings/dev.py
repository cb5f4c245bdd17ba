"""One machine: SQLite, a broker without a server, a secret key made once and kept beside the data."""

import secrets

from config.settings.base import *  # noqa: F403
from config.settings.base import DATA_DIR, env


def _own_secret_key() -> str:
    """Return this installation's key; the first caller makes it, readable by its owner alone."""
    path = DATA_DIR / "secret-key"
    DATA_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x") as file:
            path.chmod(0o600)
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = env.str("OVERREAD_SECRET_KEY", default="") or _own_secret_key()
