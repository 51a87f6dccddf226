"""Requests of a program over USB, a handler each; enters what answers one and is then forgotten."""
