"""Live: events as lines of JSON beside what the console tells anyway, for a program that looks on."""

from .console_json import JsonLines


class Live:
    """Tells until end()."""

    def __init__(self, running):
        """running: Running, of a pod that senses; its console may tell in words."""
        self._keeper = keeper = running.sensing.keeper
        self._notifying = notifying = running.sensing.notifying
        self._before = keeper.report, notifying.heard
        if not running.writer.as_json:
            self._lines = JsonLines(running)
            keeper.report = self._event
            notifying.heard += (self._lines.buzz,)

    def end(self) -> None:
        """Tell no more."""
        self._keeper.report, self._notifying.heard = self._before

    def _event(self, code, sample, fields):
        self._before[0](code, sample, fields)
        self._lines.event(code, sample, fields)
