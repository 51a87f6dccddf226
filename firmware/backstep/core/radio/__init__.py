"""What goes over the radio, as bytes and numbers; no radio here."""
