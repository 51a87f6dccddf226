"""What a person reads and types over USB: lines, words, the live stream; enters nothing that decides."""
