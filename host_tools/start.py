"""Where the command `backstep` begins: from here on Ctrl-C ends it without a word, whatever is being loaded.

What Python and pip's script load before stays: some 15 ms, in which Ctrl-C shows Python's own words.
"""

try:
    import _signal as signal  # type: ignore[import-not-found]  # built in; signal makes enums of it first
except KeyboardInterrupt:
    raise SystemExit(130) from None


def command() -> int:
    """Load the table of verbs and run the command line; Ctrl-C meanwhile ends it as it does any program."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    from host_tools.__main__ import command as run

    return run()
