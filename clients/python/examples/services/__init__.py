"""The services of an application."""
