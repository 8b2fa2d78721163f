"""The root of the URL map: all of it is `web`'s."""

from django.urls import include, path

urlpatterns = [path("", include("undying.web.urls"))]

handler400 = "undying.web.refusals.bad_request"
handler403 = "undying.web.refusals.forbidden"
handler404 = "undying.web.refusals.not_found"
handler500 = "undying.web.refusals.failed"
