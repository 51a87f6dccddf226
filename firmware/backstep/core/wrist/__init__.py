"""The detector of a wrist pod: steps by rhythm; enters what only an arm needs."""
