"""What a pod's radio does, in the words that status, doctor and pair share."""


def partners(paired: dict) -> list[dict]:
    """Return the pods of a band but for the one that told it.  paired: its answer."""
    return [row for at, row in enumerate(paired.get("pods", ())) if at != paired.get("me")]


def set_to(setting: str, paired: dict) -> str:
    """Return how the radio is set and whom the pod knows, as "pods, paired with belt waist"."""
    others = ", ".join(f"{row['placement']} {row['name']}" for row in partners(paired))
    return f"{setting}, paired with {others or 'nobody'}"


def does(row: dict, is_hub: bool) -> str:
    """Return what a pod does in its band.  row: of `pods`."""
    words = [word for word in ("senses", "buzzes") if row[word]] + ["buzzes for a spotter"] * row["spots"]
    return ", ".join([*words, *["hub"] * is_hub]) or "counts for itself"


def status_lines(setting: str, paired: dict) -> list[str]:
    """Return in lines how the radio is set, what the pod is in its band, and who is near.

    setting: of `radio`, as it is stored.  paired: the pod's answer.
    """
    found = [f"radio: {set_to(setting, paired)}"]
    if paired["band"]:
        me = paired["pods"][paired["me"]]
        found.append(f"  in band {paired['band']}: {does(me, paired['me'] == paired['hub'])}")
    phones = paired.get("phones", -1)
    is_on = phones >= 0
    found += band_lines(paired) if is_on or paired.get("why") else []
    if is_on and setting in ("phone", "both"):
        found.append(f"  phone: {phones or 'none'} connected")
    if paired["strap"]:
        found.append(f"  {_strap(paired['strap'], paired.get('bpm', -1), is_on)}")
    if not is_on and setting != "off" and not paired.get("why"):
        found.append("  it is off until the next start: backstep reboot")
    return found


def band_lines(paired: dict) -> list[str]:
    """Return in lines how the links to the pods of a band are, and why something is off."""
    why = paired.get("why", "")
    links = {place: rest for place, *rest in paired["links"]}
    found = []
    for at, row in enumerate(paired["pods"]):
        if at != paired["me"]:
            spots = ", a spotter's" * row["spots"]
            found.append(f"  {row['placement']} {row['name']}{spots}: {link_words(links.get(at), bool(links))}")
    if paired["hub_up"] and paired["me"] != paired["hub"]:
        found.append(f"  the hub's clock was told within {paired['clock_spread_ms']} ms in the last minute")
    if paired["waits"] and not why:
        found.append("  its radio does not know this band: backstep reboot, then backstep doctor")
    return [*found, f"  {why}"] if why else found


def link_words(link: list | None, has_others: bool) -> str:
    """Return how a link is, in words.

    link: up, ms since it was heard and battery [%], -1 = not known; None where there is none.
    has_others: it has a link to another pod, which is the hub then.
    """
    if link is None:
        return "by way of the hub" if has_others else "not looked for"
    is_up, age_ms, battery_pct = link
    words = ["up" if is_up else "DOWN"]
    words += [f"heard {age_ms / 1000:.1f} s ago"] if age_ms >= 0 else ["never heard"]
    words += [f"its battery {battery_pct} %"] if battery_pct >= 0 else []
    return ", ".join(words)


def _strap(address: str, bpm: int, is_on: bool) -> str:
    how = f": here, {f'{bpm}/min' if bpm else 'and tells no heart rate'}" if bpm >= 0 else ": not here" * is_on
    return f"heart rate from {address}{how}"
