"""Register-level models of the pod's chips, written from their datasheets and not from the pod's drivers."""
