"""A deployment through the real mpremote onto a pod that lives meanwhile."""

import threading
from pathlib import Path

from still import Still

from host_tools.install import deploy
from host_tools.virtual_pod import board_model
from host_tools.virtual_pod.timeline import Timeline
from host_tools.virtual_pod.vm import VirtualPod

BOOT_US = 2_000_000


def pod_on(flash: Path, files=None) -> VirtualPod:
    """Return a pod on a flash file, switched on."""
    model = board_model.build(board_model.read_board("virtual"), Still(), Timeline())
    return VirtualPod(model.hardware, files, flash=flash)


def deploy_to(pod: VirtualPod, board: str | None = None, settings: bytes | None = None) -> str:
    """Run a deployment while the pod lives; returns its line, or raises what it raised."""
    said: list = []

    def work() -> None:
        try:
            said.append(deploy.deploy(port, board, settings, lambda done, total: None).words())
        except Exception as error:  # handed to the test below
            said.append(error)

    pod.run(until_us=pod.hardware.now_us + BOOT_US)
    port = pod.serve_pty()
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    while thread.is_alive() and pod.is_on and pod.port:
        pod.run(wall_s=0.05)
    pod.unserve_pty()
    thread.join()
    if isinstance(said[0], Exception):
        raise said[0]
    return said[0]
