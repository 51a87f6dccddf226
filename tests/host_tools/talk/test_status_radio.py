"""What `backstep status` says of the radio, in the words of the doctor and of `pair --list`."""

import pytest
from talking import Line, command

from host_tools.talk.radio_words import status_lines

ROLES = {"senses": False, "buzzes": False, "spots": False}
PODS = [
    {"name": "foot", "placement": "shoe"} | ROLES | {"senses": True},
    {"name": "waist", "placement": "belt"} | ROLES | {"senses": True},
    {"name": "al", "placement": "wrist"} | ROLES | {"spots": True},
]
ALONE = {
    "band": "", "me": 0, "hub": 0, "pods": [], "strap": "", "links": [], "hub_up": False, "clock_spread_ms": -1,
    "waits": False, "why": "", "phones": -1, "bpm": -1,
}  # fmt: skip
LINKED = ALONE | {"band": "0a0b0c0d", "me": 1, "hub": 1, "pods": PODS, "phones": 0}
LINKED["links"] = [[0, True, 300, 80], [2, False, -1, -1]]
ALONE_WITH_A_PHONE = "radio: phone, paired with nobody"
PAIRED_WITH = "paired with shoe foot, wrist al"


@pytest.mark.parametrize(
    ("setting", "paired", "lines"),
    [
        ("off", ALONE, ["radio: off, paired with nobody"]),
        ("phone", ALONE | {"phones": 0}, [ALONE_WITH_A_PHONE, "  phone: none connected"]),
        ("phone", ALONE | {"phones": 2}, [ALONE_WITH_A_PHONE, "  phone: 2 connected"]),
        ("phone", ALONE, [ALONE_WITH_A_PHONE, "  it is off until the next start: backstep reboot"]),
        (
            "pods", LINKED,
            [f"radio: pods, {PAIRED_WITH}", "  in band 0a0b0c0d: senses, hub",
             "  shoe foot: up, heard 0.3 s ago, its battery 80 %", "  wrist al, a spotter's: DOWN, never heard"],
        ),
        (
            "both", LINKED | {"me": 2, "links": [[1, True, 100, -1]], "strap": "aa:bb", "bpm": 121},
            ["radio: both, paired with shoe foot, belt waist",
             "  in band 0a0b0c0d: buzzes for a spotter",
             "  shoe foot: by way of the hub", "  belt waist: up, heard 0.1 s ago", "  phone: none connected",
             "  heart rate from aa:bb: here, 121/min"],
        ),
        (
            "phone", ALONE | {"why": "radio: needs 166 KB; it stays off", "strap": "aa:bb"},
            [ALONE_WITH_A_PHONE, "  radio: needs 166 KB; it stays off", "  heart rate from aa:bb"],
        ),
        (
            "phone", ALONE | {"phones": 1, "strap": "aa:bb", "bpm": 0},
            [ALONE_WITH_A_PHONE, "  phone: 1 connected",
             "  heart rate from aa:bb: here, and tells no heart rate"],
        ),
        (
            "off", LINKED | {"phones": -1, "links": [], "waits": True},
            [f"radio: off, {PAIRED_WITH}", "  in band 0a0b0c0d: senses, hub"],
        ),
    ],
)  # fmt: skip
def test_who_it_is_in_the_band_and_who_is_near(setting, paired, lines):
    assert status_lines(setting, paired) == lines


class Pod(Line):
    """Tells its status, and of its band what it has; `paired` None: it cannot just now."""

    paired: dict | None = LINKED

    def _hello(self, asked):
        about = {"board": "b", "mcu": "m", "firmware": "1", "micropython": "1", "boots": 1, "safe": True}
        return super()._hello(asked) | about

    def _status(self, asked):
        return {"uptime_ms": 5000, "unix_ms": 0, "battery_mv": 3900, "waits": []}

    def _paired(self, asked):
        return self.paired or {}["band"]


@pytest.mark.parametrize(
    ("requests", "paired", "tells"), [(["paired"], LINKED, True), (["paired"], None, False), ([], LINKED, False)]
)
def test_it_is_told_where_the_firmware_knows_it_and_else_the_rest_is(lines, requests, paired, tells):
    there = lines(Pod)()
    there.requests, there.settings, there.paired = requests, {"radio": "pods"}, paired
    code, out, _ = command("status", "--port", there.port)
    assert code == 0 and out.startswith("left (uid 01)") and (f"radio: pods, {PAIRED_WITH}" in out) == tells
