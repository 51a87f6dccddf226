"""What is said to a pod that runs its firmware: one client, and the verbs that use it."""
