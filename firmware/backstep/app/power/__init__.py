"""Power: the states, light sleep between watermarks, and switching off."""
