"""Django's settings, derived from the archive's own (`undying.kernel.conf`)."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from django.utils.functional import SimpleLazyObject

from undying.kernel import conf
from undying.kernel.errors import BadSetting

UNDYING = conf.load()
PACKAGE = Path(__file__).resolve().parent.parent

SECRET_KEY = SimpleLazyObject(lambda: UNDYING.secret_key)  # so that `undying --help` makes no data folder
DEBUG = False
ALLOWED_HOSTS = UNDYING.hosts()

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "undying.kernel",
    "undying.people",
    "undying.library",
    "undying.community",
    "undying.moderation",
    "undying.exchange",
    "undying.finding",
    "undying.web",
]

MIDDLEWARE = [
    "undying.web.middleware.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "undying.web.by_link.ByLink",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "undying.web.middleware.Lengths",
    "undying.web.middleware.Methods",
    "undying.web.middleware.AuthenticityToken",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "undying.web.middleware.ViewerOfRequest",
    "undying.web.middleware.Refusals",
]

ROOT_URLCONF = "undying.site.urls"
WSGI_APPLICATION = "undying.site.wsgi.application"
APPEND_SLASH = False
CSRF_FAILURE_VIEW = "undying.web.refusals.forged"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "web" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["undying.web.templatetags.undying"],
        },
    }
]

DATABASES = {"default": UNDYING.database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

LEDGER_CONSUMERS = {
    "work": ("search",),
    "retagged": ("search",),
    "said": ("counting",),
    "counters": ("counters", "statistics"),
}
if UNDYING.texts("opensearch_url") and find_spec("opensearchpy") is None:
    raise BadSetting("opensearch_url needs a package that is not installed: pip install 'undying[opensearch]'.")
SEARCH_BACKEND = (
    "undying.finding.backends.opensearch.OpenSearchBackend"
    if UNDYING.texts("opensearch_url")
    else "undying.finding.backends.embedded.EmbeddedBackend"
)
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

LETTER_WRITER = "undying.web.mail.invitation"
ACCOUNT_LETTER_WRITER = "undying.web.mail.to_account"
MAIL = UNDYING.text("mail_host")
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if MAIL else 'filebased'}.EmailBackend"
EMAIL_FILE_PATH = UNDYING.home / "mail"
EMAIL_HOST, EMAIL_PORT = MAIL, UNDYING.number("mail_port")
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = UNDYING.text("mail_user"), UNDYING.text("mail_password")
EMAIL_USE_TLS = UNDYING.text("mail_security") == "starttls"
EMAIL_USE_SSL = UNDYING.text("mail_security") == "tls"
EMAIL_TIMEOUT = 30
DEFAULT_FROM_EMAIL = UNDYING.text("mail_from") or "undying@localhost"

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["undying.people.passwords.Argon2id", "django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "undying.people.passwords.LongEnough"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/users/login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "undying.web.accounts.ClosedDoors"
MFA_ADAPTER = "undying.web.accounts.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"

SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
if UNDYING.yes("behind_https_proxy"):
    ALLAUTH_TRUSTED_PROXY_COUNT = 1  # else all readers share one allowance of failed sign-ins: the proxy's
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"

STATIC_URL = "/static/"
STATIC_ROOT = UNDYING.home / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # for texts; the middleware Lengths holds every other form to 2 MB
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an author may have thousands of works to decide about

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
