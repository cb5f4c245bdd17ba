"""Every address of the platform. The API is versioned; all that is no API is the browser application."""

from django.urls import URLPattern, URLResolver, include, path, re_path

from config.health import health
from config.shell import shell

api: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("", include("people.api.urls")),
    path("", include("jobs.api.urls")),
    path("", include("audit.api.urls")),
    path("", include("cases.api.urls")),
    path("", include("studies.api.urls")),
    path("", include("annotation.api.urls")),
    path("", include("inference.api.urls")),
    path("", include("evaluation.api.urls")),
]

urlpatterns = [
    path("api/v1/", include((api, "v1"))),
    path("_allauth/", include("people.api.signing_in")),
    re_path(r"^(?!api/|_allauth/|static/).*$", shell, name="shell"),
]
