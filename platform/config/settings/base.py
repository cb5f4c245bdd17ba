"""Everything that can be set, with embedded defaults that are safe on one machine."""

import os
from pathlib import Path
from typing import Any

import environ

ROOT = Path(__file__).resolve().parents[3]
env = environ.Env()
environ.Env.read_env(str(ROOT / ".env"), overwrite=False)

VERSION = "0.1.0"
DATA_DIR = Path(env.str("OVERREAD_DATA_DIR", default=str(ROOT / "data"))).absolute()
DEBUG = False
ALLOWED_HOSTS = env.list("OVERREAD_ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("OVERREAD_TRUSTED_ORIGINS", default=[])
PUBLIC_URL = env.str("OVERREAD_PUBLIC_URL", default="http://127.0.0.1:8000")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.headless",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "core",
    "jobs",
    "audit",
    "people",
    "cases",
    "studies",
    "annotation",
    "inference",
    "evaluation",
    "workflow",
    "config.apps.ConfigConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "core.middleware.ContentSecurityPolicy",
    "core.middleware.NoCaching",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "platform" / "people" / "templates"],  # before allauth's own words
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    }
]

# --- Data -------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR}/db.sqlite3")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Readers do not block the one writer, and a writer waits its turn instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

S3_BUCKET = env.str("OVERREAD_S3_BUCKET", default="")
STORAGES: dict[str, dict[str, Any]] = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {"bucket_name": S3_BUCKET, "default_acl": None},
        }
        if S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(DATA_DIR / "files")},
        }
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STAGING_DIR = DATA_DIR / "staging"
STAGING_HOURS = env.int("OVERREAD_STAGING_HOURS", default=48)
STAGING_QUOTA_BYTES = env.int("OVERREAD_STAGING_QUOTA_BYTES", default=20 * 1024**3)
UPLOAD_CHUNK_BYTES = 8 * 1024**2
ORPHAN_GRACE_HOURS = env.int("OVERREAD_ORPHAN_GRACE_HOURS", default=168)
BRANCH_DAYS = env.int("OVERREAD_BRANCH_DAYS", default=90)  # after a reading was handed in
DATA_UPLOAD_MAX_MEMORY_SIZE = 64 * 1024**2

# --- People -----------------------------------------------------------------------------------

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = env.int("OVERREAD_SESSION_SECONDS", default=12 * 3600)
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
INVITATION_DAYS = 14
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "people.allauth.InvitedOnlyAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login_failed": "5/5m/key,20/5m/ip",
    "login": "60/m/ip",
    "reset_password": "20/m/ip,5/m/key",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Overread: "
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
PROXIES = env.int("OVERREAD_PROXIES", default=0)  # how many stand before this server: whose word on addresses to take
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
HEADLESS_ONLY = True
HEADLESS_CLIENTS = ("browser",)
HEADLESS_FRONTEND_URLS = {
    "account_reset_password_from_key": f"{PUBLIC_URL}/password-reset/{{key}}",
    "account_reset_password": f"{PUBLIC_URL}/password-reset",
    "account_signup": f"{PUBLIC_URL}/sign-in",
    "account_confirm_email": f"{PUBLIC_URL}/sign-in",
    "socialaccount_login_error": f"{PUBLIC_URL}/sign-in",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # the code of the half minute before, typed slowly, is taken, too (RFC 6238, 5.2)
EMAIL_CONFIG = env.email_url("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("OVERREAD_FROM_EMAIL", default="overread@localhost")

CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("OVERREAD_CACHE_URL")}
        if env.str("OVERREAD_CACHE_URL", default="")
        else {
            "BACKEND": "core.caching.LockedFileCache",
            "LOCATION": str(DATA_DIR / "cache"),
            "OPTIONS": {"MAX_ENTRIES": 10_000},  # few would let a flood of addresses push out the counts of others
        }
    )
}

# --- API --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "people.authentication.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["core.parsers.LimitedJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "core.api.Pages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "core.api.exception_handler",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.ScopedRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"invitation": "20/min"},
    "NUM_PROXIES": PROXIES,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Overread",
    "DESCRIPTION": "Expert review of AI segmentations of brain-tumour MRI.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
    "ENUM_NAME_OVERRIDES": {
        "AssignmentState": "studies.models.Assignment.State",
        "StudyState": "studies.models.Study.State",
        "ImportState": "cases.models.Import.State",
        "JobStatus": "jobs.models.Job.Status",
        "YesNoUnknown": "cases.models.Case.Yes",
        "Idh": "cases.models.Case.Idh",
        "Expertise": "people.models.Rater.Expertise",
        "Role": "studies.models.Membership.Role",
        "ImportRole": ["image", "mask"],
        "VersionKind": ["branch", "submission"],
        "KindOfReport": "evaluation.models.Report.Kind",
    },
}

# --- Jobs -------------------------------------------------------------------------------------

BROKER_DIR = DATA_DIR / "broker"
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default="filesystem://localhost//")
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.1,
    }
    if CELERY_BROKER_URL.startswith("filesystem")
    else {}
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False  # the Job row, not the broker, recovers lost work
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TIMEZONE = "UTC"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
LOOK_AFTER_SECONDS = env.float("OVERREAD_LOOK_AFTER_SECONDS", default=15.0)
CELERY_BEAT_SCHEDULE = {
    "look-after-jobs": {
        "task": "jobs.tasks.look_after",
        "schedule": LOOK_AFTER_SECONDS,
        "options": {"expires": 4 * LOOK_AFTER_SECONDS},  # what waited while no worker ran says nothing new
    },
}
JOB_HEARTBEAT_SECONDS = env.float("OVERREAD_JOB_HEARTBEAT_SECONDS", default=5.0)
JOB_LOST_SECONDS = env.float("OVERREAD_JOB_LOST_SECONDS", default=60.0)
JOB_ATTEMPTS = 3

# --- The programs of one machine --------------------------------------------------------------

EMBEDDED = CELERY_BROKER_URL.startswith("filesystem")  # then every worker is a child of this machine's supervisor
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
WEB_PROCESSES = env.int("OVERREAD_WEB_PROCESSES", default=1)
WEB_THREADS = env.int("OVERREAD_WEB_THREADS", default=4)
WORKER_PROCESSES = env.int("OVERREAD_WORKER_PROCESSES", default=min(4, max(2, CORES - 1)))
WORKER_THREADS = env.int("OVERREAD_WORKER_THREADS", default=max(1, CORES - 1))  # of the heavy queue; keep one core free

# --- Pages, time, words -----------------------------------------------------------------------

FRONTEND_DIR = ROOT / "frontend" / "dist"
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [("app", str(FRONTEND_DIR))] if FRONTEND_DIR.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 60
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/app/assets/.+-[\w-]{8}\.\w+$"
"""Files that the build names by their content: browsers keep them for good."""
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("OVERREAD_LOG_LEVEL", default="INFO")},
}
