"""Settings as words of a command line: --settings sway_arming=always sway_refractory_s=4."""

import re

from backstep.core import settings as pod_settings

from host_tools.errors import UserError


def add_settings_argument(parser) -> None:
    """Add --settings to a command's parser."""
    parser.add_argument(
        "--settings", nargs="*", default=[], metavar="NAME=VALUE", help="pod settings to change"
    )


def value_of(name: str, word: str) -> int | str:
    """Return a setting's value from a word: a whole number where it is one, but for texts."""
    texts = [row[0] for row in pod_settings.TABLE if row[4] == "text"]
    return int(word) if name not in texts and re.fullmatch("-?[0-9]{1,9}", word) else word


def range_of(row: tuple) -> str:
    """Return what a row of settings.TABLE allows, in words."""
    _, _, low, high, unit = row
    if unit == "text":
        return f"1..{low} characters"
    if isinstance(low, tuple):
        return ", ".join(low)
    return f"{low}..{high} {unit}".rstrip()


def parse_settings(words: list[str]) -> dict:
    """Return the settings named by NAME=VALUE words, checked; UserError with every fault.

    What is known of the recording itself cannot be set: placement and frame.
    """
    wanted: dict = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UserError(f"--settings: {word!r}, want NAME=VALUE")
        if name in ("placement", "frame"):
            raise UserError(f"--settings: {name}: want --{name} {value}")
        wanted[name] = value_of(name, value)
    try:
        pod_settings.check(wanted)
    except ValueError as error:
        raise UserError(f"--settings: {'; '.join(str(error).splitlines())}") from error
    return wanted
