"""One settings file, read from the environment.

Development, demo and tests need nothing set; production (STAPSTEEN_ENV=production) refuses to start
without its own secret key, master keys, hosts and database.
"""

import os
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _

ROOT = Path(__file__).resolve().parent.parent
ENV = os.environ.get("STAPSTEEN_ENV", "development")
PRODUCTION = ENV == "production"
DEMO = os.environ.get("STAPSTEEN_DEMO") == "1"
TESTING = "pytest" in sys.modules


def required(name: str, default: str) -> str:
    """The variable's value; in production there is no default."""
    value = os.environ.get(name, "" if PRODUCTION else default)
    if not value:
        raise ImproperlyConfigured(f"Set {name} in the environment (see deploy/README.md).")
    return value


def database(url: str) -> dict[str, Any]:
    """A postgresql:// address as Django's settings; the socket folder may stand in ?host=."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": query.pop("port", str(parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
    }


SECRET_KEY = required("STAPSTEEN_SECRET_KEY", "only-for-development-and-tests")
MASTER_KEYS = required("STAPSTEEN_MASTER_KEYS", "1:" + "c3RhcHN0ZWVuLW9udHdpa2tlbGluZy1zbGV1dGVsIS4=")
DATA_DIR = Path(os.environ.get("STAPSTEEN_DATA_DIR", ROOT / "var"))
DEBUG = False
ALLOWED_HOSTS = required("STAPSTEEN_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
BASE_URL = required("STAPSTEEN_BASE_URL", "http://localhost:8000")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
PROXIES = int(os.environ.get("STAPSTEEN_PROXIES", "0"))
"""How many proxies of our own stand before the site; only that many addresses of X-Forwarded-For are believed."""
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

APP_DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql://stapsteen_app@/stapsteen")
OWNER_DATABASE_URL = os.environ.get("DATABASE_OWNER_URL", APP_DATABASE_URL)
AS_OWNER = os.environ.get("STAPSTEEN_AS_OWNER") == "1"
DATABASES = {"default": database(OWNER_DATABASE_URL if AS_OWNER else APP_DATABASE_URL)}
APP_ROLE = database(APP_DATABASE_URL)["USER"]

ROOMS = [
    "core",
    "network",
    "people",
    "hosts",
    "pathways",
    "placements",
    "hours",
    "followup",
    "matching",
    "figures",
    "imports",
    "portals",
    "api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "django.forms",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    *[f"stapsteen.{room}" for room in ROOMS if (ROOT / "src/stapsteen" / room / "apps.py").exists()],
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "stapsteen.core.middleware.headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "stapsteen.portals.languages.OwnPageLanguages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": [
                "django.templatetags.i18n",
                "stapsteen.core.templatetags.ui",
                "stapsteen.core.templatetags.ui_pictures",
                "stapsteen.core.templatetags.keys",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "stapsteen.core.middleware.page_context",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

AUTH_USER_MODEL = "network.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
if TESTING:  # a slow hash is tested once, in people/tests/test_cards.py; elsewhere it would only wait
    PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.MD5PasswordHasher",
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of a demo that another process filled
    ]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "stapsteen.network.login.ClosedAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
LOGIN_URL = "/aanmelden/login/"
LOGIN_REDIRECT_URL = "/start/"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "stapsteen.core.resend.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

LANGUAGE_CODE = "nl"
LANGUAGES = [("nl", _("Nederlands")), ("fr", _("Frans")), ("en", _("Engels"))]
PARTICIPANT_LANGUAGES = [*LANGUAGES, ("ar", "العربية"), ("tr", "Türkçe"), ("uk", "Українська")]
"""Of the participant's own pages; the last three are reading aids and stand under their own names."""
LOCALE_PATHS = [ROOT / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [ROOT / "static"]
STATIC_ROOT = DATA_DIR / "static-built" if PRODUCTION else None  # elsewhere straight from the folders
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 86_400

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

MAIL_HOST = os.environ.get("STAPSTEEN_EMAIL_HOST", "")
MAILERS: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
}
if MAIL_HOST:
    MAILERS["default"] = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {
            "host": MAIL_HOST,
            "port": int(os.environ.get("STAPSTEEN_EMAIL_PORT", "25")),
            "username": os.environ.get("STAPSTEEN_EMAIL_USER", ""),
            "password": os.environ.get("STAPSTEEN_EMAIL_PASSWORD", ""),
            "use_tls": os.environ.get("STAPSTEEN_EMAIL_TLS") == "1",
        },
    }
elif PRODUCTION:
    raise ImproperlyConfigured("Set STAPSTEEN_EMAIL_HOST: hosts and referrers are reached by mail.")
DEFAULT_FROM_EMAIL = os.environ.get("STAPSTEEN_FROM", "stapsteen@localhost")

PROCRASTINATE_IMPORT_PATHS = ["stapsteen.core.tasks"]
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": os.environ.get("STAPSTEEN_LOG_LEVEL", "WARNING")},
}
