# Read by MicroPython's makemanifest, which provides its functions; no module of ours.
# ruff: noqa: F821
# mypy: ignore-errors
include("$(MPY_DIR)/extmod/asyncio")
# what an ESP32 does at boot: mount the partition "vfs", or make a file system there
for name in ("_boot.py", "flashbdev.py", "inisetup.py"):
    module(name, base_path="$(MPY_DIR)/ports/esp32/modules")
