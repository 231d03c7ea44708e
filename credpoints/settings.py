"""Settings: one file, every choice from the environment, safe defaults for one machine.

`DEPLOYMENT=embedded` (the default) keeps everything in the folder `var/`: SQLite, an embedded broker, mail readable in
the browser. `DEPLOYMENT=production` takes PostgreSQL, Redis and SMTP from the environment; the deploy checks in
`credpoints.home.checks` refuse what would not be safe there.
"""

import os
import secrets
from pathlib import Path
from typing import Any

import bootstrap
import dj_database_url
import django_stubs_ext
from django.utils.translation import gettext_lazy as _

# Lets classes such as ModelForm name the model they are for, which the type checker wants.
django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
BOOTSTRAP_DIR = Path(bootstrap.__path__[0])


def env(name: str, default: str = "") -> str:
    """Read a text from the environment; empty means not set, as in `.env.example`."""
    return os.environ.get(name) or default


def env_flag(name: str, default: bool = False) -> bool:
    """Read a yes-or-no from the environment: 1, true, yes and on mean yes."""
    value = env(name)
    return value.strip().lower() in {"1", "true", "yes", "on"} if value else default


def env_list(name: str, default: str = "") -> list[str]:
    """Read a comma separated list from the environment."""
    return [part.strip() for part in env(name, default).split(",") if part.strip()]


def kept_secret(path: Path) -> str:
    """Return the secret in this file, making it on the first run so that sessions survive a restart."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()


DEPLOYMENT = env("DEPLOYMENT", "embedded")
PRODUCTION = DEPLOYMENT == "production"
DEMO = env_flag("DEMO") and not PRODUCTION
DEBUG = env_flag("DEBUG")
VAR_DIR = Path(env("VAR_DIR") or BASE_DIR / "var")
BASE_URL = env("BASE_URL", "http://127.0.0.1:8000").rstrip("/")

SECRET_KEY = env("SECRET_KEY") or ("" if PRODUCTION else kept_secret(VAR_DIR / "secret_key"))
ALLOWED_HOSTS = env_list("ALLOWED_HOSTS", "" if PRODUCTION else "127.0.0.1,localhost,testserver")
CSRF_TRUSTED_ORIGINS = [BASE_URL] if BASE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_htmx",
    "template_partials",
    "credpoints.common",
    "credpoints.accounts",
    "credpoints.numbers",
    "credpoints.jobs",
    "credpoints.organisations",
    "credpoints.audit",
    "credpoints.outbox",
    "credpoints.files",
    "credpoints.http",
    "applicants",
    "modules",
    "planning",
    "portfolios",
    "certificates",
    "credpoints.home",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "credpoints.http.middleware.CleanAddressMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "credpoints.http.middleware.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "credpoints.http.middleware.TimeZoneMiddleware",
    "credpoints.http.middleware.OwnPagesMiddleware",
    "credpoints.http.middleware.SecondFactorMiddleware",
    "credpoints.http.middleware.ReturnToFormMiddleware",
    "credpoints.http.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "credpoints.urls"
WSGI_APPLICATION = "credpoints.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "credpoints.http.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "template_partials.templatetags.partials",
                "credpoints.common.templatetags.words",
                "credpoints.http.templatetags.components",
            ],
        },
    }
]

# --- Data -----------------------------------------------------------------------------------------------------------
SQLITE_OPTIONS = {
    # IMMEDIATE takes the write lock at BEGIN, so read-then-write never meets "database is locked" or overbooks.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA mmap_size=134217728; PRAGMA cache_size=-20000;"
    ),
}
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(env("DATABASE_URL") or f"sqlite:///{VAR_DIR / 'credpoints.sqlite3'}")
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    VAR_DIR.mkdir(parents=True, exist_ok=True)
    DATABASES["default"]["OPTIONS"] = SQLITE_OPTIONS
    # A file and not memory: threads of the race tests and the live server need connections of their own.
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "test.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env("REDIS_URL", "")
CACHES: dict[str, Any] = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

# --- Jobs: rows are the truth, the broker is a doorbell -------------------------------------------------------------
CELERY_BROKER_URL = REDIS_URL or "database://embedded"
# A silent broker must not make people wait: one try, the sweep rings again.
REDIS_OPTIONS = {"visibility_timeout": 60, "max_retries": 0, "socket_connect_timeout": 2, "socket_timeout": 20}
CELERY_BROKER_TRANSPORT_OPTIONS = REDIS_OPTIONS if REDIS_URL else {}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_DEFAULT_QUEUE = env("JOBS_QUEUE", "credpoints")
# The embedded broker is asked five times a second: some bells at once, so that nobody waits for the next one.
CELERY_WORKER_PREFETCH_MULTIPLIER = 1 if REDIS_URL else 4
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_ENABLE_REMOTE_CONTROL = bool(REDIS_URL)
CELERY_TASK_TIME_LIMIT = 600
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "credpoints.jobs.sweep", "schedule": 10.0},
    "leftovers": {"task": "certificates.throw_away_leftovers", "schedule": 3600.0},
    "given_up": {"task": "files.throw_away_given_up", "schedule": 3600.0},
    "warnings": {"task": "certificates.warn_before_the_end", "schedule": 3600.0},
}

# --- People ---------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home:start"
ACCOUNT_ADAPTER = "credpoints.home.sign_in.AccountAdapter"
ACCOUNT_FORMS = {"login": "credpoints.home.login_form.LoginForm"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 5
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if BASE_URL.startswith("https") else "http"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = "Credit Points"
REQUIRE_SECOND_FACTOR = not DEMO
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

# --- Words and times ------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("de", _("German")), ("en", _("English"))]
# The second folder holds the German of libraries that say "du" where we say "Sie".
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "credpoints" / "common" / "words_of_libraries"]
USE_I18N = True
FORMS_URLFIELD_ASSUME_HTTPS = True  # whoever types "meet.example.org" means https, as Django 6 will take it
FORMAT_MODULE_PATH = ["credpoints.common.formats"]
USE_TZ = True
TIME_ZONE = "Europe/Berlin"

# --- Mail -----------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", "Credit Points <noreply@credit-points.example>")
EMAIL_BACKEND = env(
    "EMAIL_BACKEND",
    "django.core.mail.backends.smtp.EmailBackend" if PRODUCTION else "credpoints.outbox.backends.KeptInOutbox",
)
EMAIL_HOST = env("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
EMAIL_HOST_USER = env("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env_flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20

# --- Files ----------------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"  # part of what is installed, unlike the data in var/
STATICFILES_DIRS: list[Any] = [
    BASE_DIR / "static",
    ("bootstrap/css", BOOTSTRAP_DIR / "css"),
    ("bootstrap/js", BOOTSTRAP_DIR / "js"),
]
WHITENOISE_USE_FINDERS = not PRODUCTION
PRIVATE_FILES_ROOT = Path(env("PRIVATE_FILES_ROOT") or VAR_DIR / "files")
# The seal on PDFs: none, pem, pkcs12 or pkcs11. On one machine a certificate of its own is made on the first run.
SEAL_BACKEND = env("SEAL_BACKEND") or ("none" if PRODUCTION else "pem")
SEAL_PASSWORD = env("SEAL_PASSWORD")
SEAL_TIMESTAMP_URL = env("SEAL_TIMESTAMP_URL")
SIGNING_KEYS_DIR = Path(env("SIGNING_KEYS_DIR") or VAR_DIR / "keys")
SEAL_CERTIFICATE = env("SEAL_CERTIFICATE")  # default: SIGNING_KEYS_DIR/seal/seal.pem
SEAL_KEY = env("SEAL_KEY")
SEAL_TRUSTED_ROOTS = env("SEAL_TRUSTED_ROOTS")  # PEM: the roots of the seal and of the time-stamp server
SEAL_PKCS11_MODULE = env("SEAL_PKCS11_MODULE")  # the driver of the token, a .so file
SEAL_PKCS11_TOKEN = env("SEAL_PKCS11_TOKEN")
SEAL_PKCS11_KEY = env("SEAL_PKCS11_KEY")
# What credentials name must be https and without a port; off the internet it is an example host.
CREDENTIALS_BASE_URL = (
    env("CREDENTIALS_BASE_URL") or (BASE_URL if BASE_URL.startswith("https://") else "https://credit-points.example")
).rstrip("/")
STORAGES: dict[str, Any] = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        # Here and not in FILE_UPLOAD_PERMISSIONS: that would hold for static files too, which root collects and the
        # server, another user, has to read.
        "OPTIONS": {"location": PRIVATE_FILES_ROOT, "file_permissions_mode": 0o600},
    },
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
if env("PRIVATE_FILES_BUCKET"):
    STORAGES["default"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": env("PRIVATE_FILES_BUCKET"),
            "endpoint_url": env("PRIVATE_FILES_ENDPOINT") or None,
            "default_acl": "private",
            "querystring_auth": True,
        },
    }
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# --- Safety ---------------------------------------------------------------------------------------------------------
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "img-src": ["'self'", "data:"],
        "manifest-src": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SESSION_COOKIE_SAMESITE = "Lax"
# How many proxies of our own stand in front; only what they write about a visitor's address is believed.
TRUSTED_PROXIES = int(env("TRUSTED_PROXIES") or ("1" if PRODUCTION else "0"))
CSRF_FAILURE_VIEW = "credpoints.home.views.csrf_failure"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = env_flag("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^health/$"]  # asked from inside, where there is no TLS
    SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True

# --- The look -------------------------------------------------------------------------------------------------------
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env("LOG_LEVEL", "WARNING")},
    "loggers": {"fontTools": {"level": "ERROR"}, "weasyprint": {"level": "ERROR"}},
}

SILENCED_SYSTEM_CHECKS = ["auth.W004"]  # e-mail addresses are unique by a constraint on their lower case
