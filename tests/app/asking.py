"""A console to ask after the pod was started: its lines go straight to Console.obey."""

import asyncio
import json

from backstep.app.desk import console


class Asking:
    """Runs a pod for a second, then asks its console.

    running: what the pod is made of.
    """

    def __init__(self, pod, monkeypatch):
        made = []
        plain = console.Console.__init__

        def watched(self, reader, running, teller):
            made.append(self)
            plain(self, reader, running, teller)

        monkeypatch.setattr(console.Console, "__init__", watched)
        pod.run(1000)
        (self._console,) = made
        self.running = self._console._running
        self._loop = asyncio.new_event_loop()

    def type(self, line):
        """Return the lines that one line is answered with."""
        self._loop.run_until_complete(self._console.obey(line))
        lines = [text.rstrip("\n") for text in self.running.writer.buffer if isinstance(text, str)]
        self.running.writer.buffer.clear()
        return lines

    def ask(self, do, **arguments):
        """Return the answer to a request; the error's words when it is refused."""
        (line,) = [text for text in self.type(json.dumps({"id": 1, "do": do} | arguments)) if '"id"' in text]
        answer = json.loads(line)
        assert answer["id"] == 1
        return answer.get("ok", answer.get("error"))

    @property
    def desk(self):
        """What answered, None before the first request."""
        return self._console._desk

    def close(self):
        self._loop.close()
