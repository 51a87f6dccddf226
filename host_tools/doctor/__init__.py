"""What is wrong with a pod, its cable or this laptop, a line each with its remedy: `backstep doctor`."""
