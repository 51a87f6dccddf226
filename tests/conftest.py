"""What every test folder shares: hypothesis profiles and the way to the real recordings."""

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from vm import word_bits

pytest_plugins = ["needs"]
PROJECT = Path(__file__).resolve().parent.parent
DATA = PROJECT.parent / "shared" / "data"

gc.disable()  # while it is collected: a third of the time of that would go into looking for what is not there

# A shell has what it runs in the background ignore Ctrl-C, and nohup the end of the terminal: that is inherited by
# what the tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

settings.register_profile(
    "default", deadline=None, max_examples=50, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", settings.get_profile("default"), max_examples=5000)
settings.register_profile("quick", settings.get_profile("default"), max_examples=15)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_collection_finish():
    gc.freeze()  # all of that stays to the end
    gc.enable()


@pytest.fixture
def recordings_dir() -> Path:
    """The folder of real recordings; the test is skipped where they are not."""
    if not DATA.is_dir():
        pytest.skip("the real recordings are not here (../shared/data)")
    return DATA


@pytest.fixture(scope="session")
def pod_words() -> None:
    """Heap figures are those of 32-bit words; where gcc cannot make them the test is skipped, not in CI."""
    if word_bits() != 32:
        pytest.skip("the MicroPython here has 64-bit words (gcc-multilib is missing)")
