"""Two foreign stacks in the air: what the air adds to bumble's controller."""

import asyncio

import pytest
from bumble.core import BaseBumbleError
from bumble.core import TimeoutError as BumbleTimeout
from bumble.device import AdvertisingType
from bumble.hci import Address

from host_tools.virtual_pod.radio.ether import Ether

STRAP, PHONE = "F0:F1:F2:F3:F4:F5", "F0:F1:F2:F3:F4:F6"
ADVERT, RESPONSE = b"\x02\x01\x06", b"\x04\x09abc"


@pytest.fixture
def two():
    """Return an ether, a strap and a phone."""
    ether = Ether(seed=7)
    return ether, ether.device("strap", STRAP), ether.device("phone", PHONE)


def run(ether, coroutine, seconds=60):
    task = ether.start(coroutine)
    ether.loop.advance(ether.loop.now_us + seconds * 1_000_000)
    return task.result()


async def advertise(strap, interval_ms=100, **options):
    await strap.start_advertising(
        advertising_data=ADVERT, scan_response_data=RESPONSE,
        advertising_interval_min=interval_ms, advertising_interval_max=interval_ms, **options,
    )  # fmt: skip


def heard(ether, phone):
    """Return a list that gets (time [ms], event type, data) of each report."""
    reports = []

    def note(report):
        reports.append((ether.loop.now_us / 1000, int(report.event_type), report.data))

    phone.host.on("advertising_report", note)
    return reports


def test_advertising_comes_every_interval_and_up_to_ten_ms(two):
    ether, strap, phone = two
    reports = heard(ether, phone)

    async def listen():
        await advertise(strap)
        await phone.start_scanning(active=False)
        await asyncio.sleep(10)

    run(ether, listen(), 11)
    times = [ms for ms, kind, data in reports]
    gaps = [b - a for a, b in zip(times, times[1:], strict=False)]
    assert all((kind, data) == (0, ADVERT) for _, kind, data in reports)
    assert 100 <= min(gaps) < 102 and 108 < max(gaps) <= 110
    assert len(times) == pytest.approx(11_000 / 105, abs=2)


def test_a_scan_response_is_asked_for_and_its_own(two):
    ether, strap, phone = two
    reports = heard(ether, phone)

    async def listen():
        await advertise(strap)
        await phone.start_scanning(active=True)
        await asyncio.sleep(1)

    run(ether, listen(), 1)
    assert {(kind, data) for _, kind, data in reports} == {(0, ADVERT), (4, RESPONSE)}


def test_a_window_hears_its_share(two):
    ether, strap, phone = two
    reports = heard(ether, phone)

    async def listen():
        await advertise(strap, 20)
        await phone.start_scanning(active=False, scan_interval=120, scan_window=30)
        await asyncio.sleep(20)

    run(ether, listen(), 21)
    assert len(reports) / (20_000 / 25) == pytest.approx(0.25, abs=0.05)


def test_who_is_not_connectable_is_heard_but_not_connected_to(two):
    ether, strap, phone = two

    async def try_it():
        await advertise(strap, advertising_type=AdvertisingType.UNDIRECTED_SCANNABLE)
        with pytest.raises((BumbleTimeout, BaseBumbleError)):
            await phone.connect(Address(STRAP), timeout=1)
        return ether.loop.now_us

    assert run(ether, try_it()) == pytest.approx(1_000_000, abs=1000)


def test_parameters_are_the_centrals_on_both_sides(two):
    ether, strap, phone = two
    seen = []
    strap.on("connection", lambda connection: seen.append(connection.parameters))

    async def connect():
        await advertise(strap)
        return await phone.connect(Address(STRAP), timeout=5)

    connection = run(ether, connect())
    assert seen == [connection.parameters]
    assert (seen[0].connection_interval, seen[0].supervision_timeout) == (30, 720)


def test_a_lost_request_to_connect_is_a_connection_that_never_was(two):
    ether, strap, phone = two
    seen = []
    strap.on("connection", seen.append)

    async def connect():
        await advertise(strap)
        ether.set_loss(1, PHONE, STRAP)
        connection = await phone.connect(Address(STRAP), timeout=5)
        ended = ether.loop.create_future()
        connection.on("disconnection", ended.set_result)
        return await ended

    assert run(ether, connect()) == 0x3E
    assert seen == []


def test_the_end_of_a_connection_reaches_the_other_side_or_its_timeout(two):
    ether, strap, phone = two
    ends = []
    strap.on("connection", lambda connection: connection.on("disconnection", lambda r: ends.append(("strap", r))))

    async def twice():
        await advertise(strap, auto_restart=True)
        connection = await phone.connect(Address(STRAP), timeout=5)
        await connection.disconnect()
        connection = await phone.connect(Address(STRAP), timeout=5)
        connection.on("disconnection", lambda r: ends.append(("phone", r)))
        await asyncio.sleep(1)
        before_us = ether.loop.now_us
        ether.set_loss(1)
        await connection.disconnect()
        return ether.loop.now_us - before_us

    assert run(ether, twice()) == pytest.approx(720_000, abs=60_000)
    assert ends == [("strap", 0x13), ("phone", 0x08), ("strap", 0x08)]


def test_what_is_said_of_both_addresses_goes_first():
    ether = Ether()
    a, b, c = (ether.device(name, f"F0:F1:F2:F3:F4:0{n}") for n, name in enumerate("abc"))
    controllers = {device.name: ether.controller_of(device) for device in (a, b, c)}
    ether.set_loss(0.1)
    ether.set_loss(0.2, receiver="F0:F1:F2:F3:F4:01")
    ether.set_loss(0.3, sender="F0:F1:F2:F3:F4:00")
    ether.set_loss(0.4, "F0:F1:F2:F3:F4:00", "F0:F1:F2:F3:F4:02")
    losses = [ether.loss(controllers[x], controllers[y]) for x, y in ("ab", "ac", "cb", "ba")]
    assert losses == [0.3, 0.4, 0.2, 0.1]
    with pytest.raises(ValueError, match="want 0 to 1"):
        ether.set_loss(1.5)


def test_the_same_seed_is_the_same_air():
    def times(seed):
        ether = Ether(seed)
        strap, phone = ether.device("strap", STRAP), ether.device("phone", PHONE)
        reports = heard(ether, phone)

        async def listen():
            await advertise(strap)
            await phone.start_scanning(active=False)

        run(ether, listen(), 2)
        return [ms for ms, _, _ in reports]

    assert times(4) == times(4) != times(5)
