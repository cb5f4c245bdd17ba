"""Tests: a folder of their own, jobs run in the test's own process, mail kept in memory."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("OVERREAD_DATA_DIR", tempfile.mkdtemp(prefix="overread-test-"))

from config.settings.base import *  # noqa: F403
from config.settings.base import ACCOUNT_RATE_LIMITS as _LIMITS

SECRET_KEY = "only-for-tests"  # noqa: S105
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = False
ACCOUNT_RATE_LIMITS = dict(_LIMITS)
Path(os.environ["OVERREAD_DATA_DIR"]).mkdir(parents=True, exist_ok=True)
