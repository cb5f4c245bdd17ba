"""Addresses of studies."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import Route, SimpleRouter

from studies.api.views import SecondSourceView, StartRaterView, StudyViewSet


class StudyRouter(SimpleRouter):
    """A study is changed by PATCH at its own address."""

    routes = [
        Route(r"^{prefix}/$", {"get": "list", "post": "create"}, "{basename}-list", detail=False, initkwargs={}),
        *[route for route in SimpleRouter.routes if not isinstance(route, Route)],
        Route(
            r"^{prefix}/{lookup}/$",
            {"get": "retrieve", "patch": "update_study"},
            "{basename}-detail",
            detail=True,
            initkwargs={},
        ),
    ]


router = StudyRouter()
router.register("studies", StudyViewSet, basename="study")

urlpatterns: list[URLPattern | URLResolver] = [
    path("start-raters/", StartRaterView.as_view(), name="start-raters"),
    path("second-sources/", SecondSourceView.as_view(), name="second-sources"),
    *router.urls,
]
