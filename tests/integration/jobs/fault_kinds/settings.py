"""Settings of the workers under test: real queues under names of their own, and little patience."""

import os

from config.settings.test import *  # noqa: F403
from config.settings.test import CELERY_BROKER_TRANSPORT_OPTIONS, CELERY_BROKER_URL, INSTALLED_APPS

# Jobs and what they belong to: the kinds of the other apps are never asked for here, and slow to load.
OTHERS = {"annotation", "cases", "evaluation", "inference", "studies", "workflow"}
INSTALLED_APPS = [name for name in INSTALLED_APPS if name not in OTHERS] + ["tests.integration.jobs.fault_kinds"]
CELERY_TASK_ALWAYS_EAGER = False
CELERY_TASK_DEFAULT_QUEUE = os.environ["OVERREAD_TEST_QUEUE"]
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
if CELERY_BROKER_URL.startswith("redis"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"global_keyprefix": os.environ["OVERREAD_TEST_QUEUE"] + ":"}
