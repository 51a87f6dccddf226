"""A pod of files in memory, whose cable may come out at any verb."""

import hashlib


class CutError(Exception):
    """The cable came out."""


class PodInMemory:
    """A pod's filesystem behind the verbs of pod_link.Pod; comes to an end after so many verbs."""

    port = "pod"

    def __init__(self, files=None, verbs_left: int = 10**9, free: int = 1 << 20):
        self.files = dict(files or {})
        self.verbs_left = verbs_left
        self.verbs = 0
        self.free = free
        self.damaged = ""
        self.written: list[str] = []

    def _verb(self):
        self.verbs += 1
        if self.verbs > self.verbs_left:
            raise CutError

    def read(self, path, most=-1):
        self._verb()
        return None if path not in self.files else self.files[path][: None if most < 0 else most]

    def sha256(self, paths):
        self._verb()
        return {path: hashlib.sha256(self.files[path]).hexdigest() for path in paths if path in self.files}

    def sizes(self, paths):
        self._verb()
        return {path: len(self.files[path]) for path in paths if path in self.files}

    def clear(self, folder, names, endings):
        inside = [path.removeprefix(f"{folder}/") for path in self.files if path.startswith(f"{folder}/")]
        ours = [name for name in inside if name in names or name.endswith(endings)]
        for name in sorted(ours, key=lambda name: name not in names):
            self._verb()
            del self.files[f"{folder}/{name}"]

    def free_bytes(self):
        self._verb()
        return self.free

    def make_folder(self, path):
        self._verb()

    def write(self, path, data, on_bytes):
        self._verb()
        self.files[path] = b""
        self._verb()
        self.files[path] = data[: len(data) // 2]
        self._verb()
        self.files[path] = data[:-1] + b"?" if self.damaged and self.damaged in path else data
        self.written.append(path)
        on_bytes(len(data))

    def copy(self, source, target):
        self._verb()
        self.files[target] = self.files[source]

    def place(self, temporary, path, digest):
        self._verb()
        if hashlib.sha256(self.files[temporary]).hexdigest() != digest:
            return False
        self.files[path] = self.files.pop(temporary)
        return True

    def remove(self, path):
        self._verb()
        self.files.pop(path, None)
