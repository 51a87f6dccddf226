"""Settings as words of a command line: --settings sway_arming=always sway_lean_deg=12."""

from backstep.core import settings as pod_settings

from host_tools.errors import UserError


def add_settings_argument(parser) -> None:
    """Add --settings to a command's parser."""
    parser.add_argument(
        "--settings", nargs="*", default=[], metavar="NAME=VALUE", help="pod settings to change"
    )


def parse_settings(words: list[str]) -> dict:
    """Return the settings named by NAME=VALUE words, checked; UserError with every fault."""
    wanted: dict = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals:
            raise UserError(f"--settings: {word!r}, want NAME=VALUE")
        wanted[name] = int(value) if value.lstrip("-").isdigit() else value
    try:
        pod_settings.check(wanted)
    except ValueError as error:
        raise UserError(f"--settings: {error}") from error
    return wanted
