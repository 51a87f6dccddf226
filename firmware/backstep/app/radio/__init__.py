"""Who is near: the one radio, and what a phone, a watch, a heart strap and the pods of a band hear and say."""
