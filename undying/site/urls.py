"""The root of the URL map: all of it is `web`'s."""

from django.urls import include, path

urlpatterns = [path("", include("undying.web.urls"))]
