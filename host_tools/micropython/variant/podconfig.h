// The unix port's configuration, with the pod's time, console and machine in place of the PC's.
#include <mpconfigport.h>

#undef MICROPY_PY_MACHINE_INCLUDEFILE
#define MICROPY_PY_MACHINE_INCLUDEFILE "pod_machine.h"

// Time counts from 2000, as on an ESP32.
#undef MICROPY_EPOCH_IS_1970
#define MICROPY_EPOCH_IS_1970          (0)
#undef MICROPY_TIMESTAMP_IMPL

// Each level of an import holds a path of this length on the stack, which is an ESP32's 16 KiB: MicroPython's default.
#undef MICROPY_ALLOC_PATH_MAX

// Errors of callbacks show on the console.
#undef MICROPY_ERROR_PRINTER
#define MICROPY_ERROR_PRINTER          (&mp_plat_print)

#define MICROPY_MPHALPORT_H            "pod_mphal.h"

// More heap, from pod_main.c.
#include <stddef.h>
void *pod_heap_take(size_t size);
void pod_heap_give(void *area, size_t size);
