"""The UUIDs of the pod's own service, as PROTOCOL.md tells them."""


def uuid(number: int) -> str:
    return f"0b57e9{number:02x}-4c1e-4b6f-9d2a-7a1c5e8f3d60"
