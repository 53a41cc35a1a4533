"""Settings of the tests: same applications, jobs at once, no file of the user's touched."""

import os
import tempfile

os.environ.setdefault("RESTANQUE_DATA_DIR", tempfile.mkdtemp(prefix="restanque-tests-"))
os.environ["RESTANQUE_SECRET_KEY"] = "for-tests-only-" + "x" * 40

from restanque.config.settings import *  # noqa: F403
from restanque.config.settings import ALLOWED_HOSTS, DATA_DIR, DATABASES

ALLOWED_HOSTS = [*ALLOWED_HOSTS, "testserver"]
TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
        "QUEUES": ["default", "mail"],
    }
}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAIL_PER_SECOND = 0.0
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, as in use: in memory, a reader beside a writer is refused at once instead of waiting.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "tests.sqlite3"}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
