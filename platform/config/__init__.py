"""How the platform is put together: settings, addresses, servers and the command line."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
