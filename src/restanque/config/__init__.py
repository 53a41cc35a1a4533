"""Settings, URLs, WSGI entry point."""
