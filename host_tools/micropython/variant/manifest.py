# Read by MicroPython's makemanifest, which provides its functions; no module of ours.
# ruff: noqa: F821
# mypy: ignore-errors
include("$(MPY_DIR)/extmod/asyncio")
