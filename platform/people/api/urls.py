"""Addresses of oneself, accounts, centres, keys and invitations."""

from django.urls import URLPattern, URLResolver, path, re_path
from rest_framework.routers import SimpleRouter

from people.api import views

router = SimpleRouter()
router.register("users", views.UserViewSet, basename="user")
router.register("centres", views.CentreViewSet, basename="centre")
router.register("tokens", views.TokenViewSet, basename="token")
router.register("invitations", views.InvitationViewSet, basename="invitation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("me/", views.MeView.as_view(), name="me"),
    path("users/<int:user_id>/workbench/", views.WorkbenchSettingsView.as_view(), name="workbench-settings"),
    path("invitations/accept/", views.AcceptInvitationView.as_view(), name="accept-invitation"),
    re_path(r"^invitations/(?P<token>[A-Za-z0-9_-]{43})/$", views.OpenInvitationView.as_view(), name="open-invitation"),
    *router.urls,
]
