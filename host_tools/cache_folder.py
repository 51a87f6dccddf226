"""Where this laptop keeps what is dear to make or fetch, for every checkout; it may be removed at any time."""

import os
from pathlib import Path


def cache_folder() -> Path:
    """Return it; it need not be there yet.  Source: the XDG Base Directory specification."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "backstep"
