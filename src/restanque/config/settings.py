"""Settings: each value comes from one environment variable, read once, with a default that works.

The installation guide (docs/install.md) lists them. Wrong values fail loudly at start.
"""

import secrets
from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()

DATA_DIR = Path(env.str("RESTANQUE_DATA_DIR", default=str(Path.cwd() / "var")))
# The database and the files hold personal data: other users of the machine do not enter.
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)


def _stored_secret(path: Path) -> str:
    """The instance's own key, made at first start: answers' links are derived from it."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


DEBUG = env.bool("RESTANQUE_DEBUG", default=False)
SECRET_KEY = env.str("RESTANQUE_SECRET_KEY", default="") or _stored_secret(DATA_DIR / "secret.key")
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("RESTANQUE_HOSTS", default=LOOPBACK_HOSTS)
# Links in e-mails and documents are absolute; jobs have no request to read the host from.
BASE_URL = env.str("RESTANQUE_URL", default="http://127.0.0.1:8000").rstrip("/")
BEHIND_HTTPS = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BEHIND_HTTPS else []

# Without an SMTP server, messages stay in the outbox page: nobody is written to by accident.
EMAIL_URL = env.str("RESTANQUE_EMAIL_URL", default="")
DEMO = env.bool("RESTANQUE_DEMO", default=False)
if DEMO and (EMAIL_URL or not set(ALLOWED_HOSTS) <= {*LOOPBACK_HOSTS, "testserver"}):
    raise ImproperlyConfigured(
        "RESTANQUE_DEMO opens sign-ins without password: it is refused with RESTANQUE_EMAIL_URL "
        "or with hosts other than the loopback."
    )

# ODK Collect sends its password with each request: over https, or on the machine itself. For a
# trial on a closed network only.
VISITS_OVER_HTTP = env.bool("RESTANQUE_VISITS_OVER_HTTP", default=DEBUG or DEMO)

# Road distances: the address of an OSRM or Valhalla service. Only the administrator gives it, and
# only coordinates of communes are sent to it. Empty: none is asked.
ROUTER_URL = env.str("RESTANQUE_ROUTER_URL", default="")
ROUTER = env.str("RESTANQUE_ROUTER", default="osrm")
if ROUTER not in ("osrm", "valhalla") or (
    ROUTER_URL and not ROUTER_URL.startswith(("http://", "https://"))
):
    raise ImproperlyConfigured(
        "RESTANQUE_ROUTER is osrm or valhalla, RESTANQUE_ROUTER_URL begins with http:// or https://."
    )

INSTALLED_APPS = [
    "restanque.cli",
    "restanque.portal",
    "restanque.law",
    "restanque.work",
    "restanque.governance",
    "restanque.procedures",
    "restanque.supply",
    "restanque.surveys",
    "restanque.directory",
    "restanque.territories",
    "restanque.core",
    "restanque.accounts",
    "restanque.kit",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
    "simple_history",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]
MIDDLEWARE = [
    "restanque.kit.middleware.SecurityHeadersMiddleware",
    "restanque.kit.middleware.BoundedRequestMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
    "axes.middleware.AxesMiddleware",
    "restanque.accounts.middleware.MembershipMiddleware",
    "restanque.kit.middleware.ReadOnlyGetMiddleware",
]
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
ACCOUNT_ADAPTER = "restanque.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code sent by e-mail is the verification
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_REQUIRED = False
# A slow relay may hold a message for minutes.
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# The limits on codes count addresses: behind the proxy, that of the visitor, not the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_HTTPS else 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
LOGIN_URL = "account_request_login_code"
LOGIN_REDIRECT_URL = "portal:home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_request_login_code"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = BEHIND_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_HTTPS else None
# "no-referrer" would make browsers send "Origin: null", which the CSRF check refuses.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [] if BEHIND_HTTPS else ["security.W004", "security.W008", "security.W012"]

ROOT_URLCONF = "restanque.config.urls"
WSGI_APPLICATION = "restanque.config.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
DJANGO_TABLES2_TEMPLATE = "kit/table.html"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            # cotton and template-partials would each rewrite the loaders: the list is explicit.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.static",
                "django.contrib.humanize.templatetags.humanize",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "restanque.kit.templatetags.kit",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "restanque.accounts.context.workspace",
                "restanque.portal.context.navigation",
            ],
        },
    }
]

DATABASES = {
    "default": env.db("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'restanque.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # FULL: an answer that was acknowledged survives a crash at any instant.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
# Holds the counts of the limits on codes: in memory, each process would have its own.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": DATA_DIR / "cache",
        # Counters of failed sign-ins live here: strangers must not push them out.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TASKS = {
    "default": {
        "BACKEND": env.str("RESTANQUE_TASKS", default="django_tasks_db.DatabaseBackend"),
        "QUEUES": ["default", "mail"],
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français")]
TIME_ZONE = "Europe/Paris"
USE_TZ = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
MEDIA_ROOT = DATA_DIR / "files"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "base-uri": [NONE],
    }
}

DEFAULT_FROM_EMAIL = env.str("RESTANQUE_FROM", default="restanque@localhost")
# Everything is stored in the outbox first; only core.mail.delivery talks to the SMTP server.
EMAIL_BACKEND = "restanque.core.mail.backend.OutboxBackend"
EMAIL_DELIVERY = bool(EMAIL_URL)
if EMAIL_URL:
    _smtp = env.email_url_config(EMAIL_URL)
    if not _smtp.pop("EMAIL_BACKEND").endswith(".smtp.EmailBackend"):
        raise ImproperlyConfigured(
            "RESTANQUE_EMAIL_URL must be smtp://, smtp+tls:// or smtp+ssl://"
        )
    vars().update(_smtp)
# Where undeliverable messages return (« rebond@domaine »: we write rebond+NUMBER-KEY@domaine).
BOUNCE_ADDRESS = env.str("RESTANQUE_BOUNCE", default="")
MAIL_PER_SECOND = env.float("RESTANQUE_MAIL_PER_SECOND", default=1.0)

AXES_ENABLED = True
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = ["ip_address"]
# Behind the proxy, its own address would be everybody’s: one stranger would lock all out.
AXES_CLIENT_IP_CALLABLE = "restanque.kit.network.known_network"
AXES_VERBOSE = False  # its log lines would hold addresses
AXES_DISABLE_ACCESS_LOG = True  # who came in, from where, when: nobody needs it, nothing purges it

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "restanque.config.logs.JsonFormatter"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.security.DisallowedHost": {"level": "ERROR"}},
}
