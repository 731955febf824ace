"""Stubs generated from proto/reprise/v1: the messages and services as the server speaks them."""
