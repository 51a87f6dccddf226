"""Fewer people for a test than for the figures: what a person waits for."""

import json
import os

import pytest

from host_tools.evaluate.sets import read_index


@pytest.fixture
def some_people(recordings_dir, tmp_path):
    """Return what makes a folder of some people's recordings; BACKSTEP_PEOPLE=all: of everybody's.

    Called with set=subjects (None: all).  `backstep evaluate` measures everybody.
    """

    def chosen(**subjects):
        for name, wanted in subjects.items():
            path, folder = recordings_dir / name, tmp_path / name
            folder.mkdir()
            everybody = wanted is None or os.environ.get("BACKSTEP_PEOPLE") == "all"
            entries = [entry for entry in read_index(path) if everybody or entry["subject"] in wanted]
            assert entries, f"{name}: nobody of {wanted}"
            for archive in {entry["archive"] for entry in entries}:
                (folder / archive).symlink_to(path.resolve() / archive)
            (folder / "index.json").write_text(json.dumps({"recordings": entries}))
        return tmp_path

    return chosen
