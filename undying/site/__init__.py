"""Where choices are wired: settings, the root of the URL map, the WSGI application."""
