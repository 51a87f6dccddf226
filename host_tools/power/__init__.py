"""What a pod takes from its battery: currents of data sheets, and what the virtual pod does with its time."""
