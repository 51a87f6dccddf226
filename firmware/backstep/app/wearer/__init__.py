"""Who wears the pod: button, alarm, training, calibrating; enters what is told to or by the wearer."""
