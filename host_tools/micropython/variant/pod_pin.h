// GPIO pins of the virtual pod, for the peripherals that sit on them.
#ifndef POD_PIN_H
#define POD_PIN_H

#include "py/obj.h"

#define POD_GPIO_COUNT (49)

// Return the number of a Pin object or a GPIO number; ValueError when this pod has no such pin.
int pod_pin_gpio(mp_obj_t pin);

// Queue the Python handler of a pin's interrupt.
void pod_pin_interrupt(int gpio);

// Interrupts queued since the VM started.
unsigned pod_pin_interrupt_count(void);

// Raise OSError(ENODEV) without a pod's host.
void pod_require_link(void);

#endif
