"""What runs on a pod in its raw REPL, for pod_link.Pod.

The app's watchdog cannot be stopped, so it is fed; when the host is gone it restarts the pod. LittleFS is mounted
anew as firmware/main.py does: with larger reads a deploy takes a tenth of the time.
"""

ON_POD = """
import os, io, binascii, deflate, hashlib, machine, vfs
wdt = machine.WDT(timeout=60000)
try:
    machine.freq(240000000)
except ValueError:
    pass
try:
    from flashbdev import bdev
    larger = vfs.VfsLfs2(bdev, readsize=256, progsize=32, lookahead=64)
    vfs.umount("/")
    vfs.mount(larger, "/")
except (ImportError, OSError, MemoryError):
    pass
def sha256(path):
    wdt.feed()
    try:
        file = open(path, "rb")
    except OSError:
        return None
    digest = hashlib.sha256()
    chunk = memoryview(bytearray(1024))
    with file:
        while True:
            n = file.readinto(chunk)
            if not n:
                return binascii.hexlify(digest.digest()).decode()
            digest.update(chunk[:n])
def size(path):
    try:
        return os.stat(path)[6]
    except OSError:
        return None
def put(text):
    wdt.feed()
    file.write(deflate.DeflateIO(io.BytesIO(binascii.a2b_base64(text)), deflate.RAW, 12).read())
def copy(source, target):
    wdt.feed()
    with open(source, "rb") as old, open(target, "wb") as new:
        while True:
            data = old.read(512)
            if not data:
                break
            new.write(data)
def place(temporary, path, digest):
    if sha256(temporary) != digest:
        return False
    os.rename(temporary, path)
    return True
def clear(folder, names, endings):
    try:
        rows = list(os.ilistdir(folder))
    except OSError:
        return 0
    ours = [row[0] for row in rows if row[1] == 0x8000 and (row[0] in names or row[0].endswith(endings))]
    ours.sort(key=lambda name: name not in names)
    for name in ours[:16]:
        wdt.feed()
        os.remove(folder + "/" + name)
    if len(ours) == len(rows) <= 16:
        os.rmdir(folder)
    return len(ours)
"""
