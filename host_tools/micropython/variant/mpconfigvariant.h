// What a stock ESP32 image of MicroPython has (ports/esp32/mpconfigport.h), as far as the unix port can have it.

#define MICROPY_CONFIG_ROM_LEVEL               (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)
#define MICROPY_HW_BOARD_NAME                  "Backstep virtual pod"
#define MICROPY_HW_MCU_NAME                    "unix"

// numbers, errors, memory
#define MICROPY_FLOAT_IMPL                     (MICROPY_FLOAT_IMPL_FLOAT)
#define MICROPY_FLOAT_USE_NATIVE_FLT16         (0)
#define MICROPY_LONGINT_IMPL                   (MICROPY_LONGINT_IMPL_MPZ)
#define MICROPY_ENABLE_EMERGENCY_EXCEPTION_BUF (1)
#define MICROPY_ERROR_REPORTING                (MICROPY_ERROR_REPORTING_NORMAL)
#define MICROPY_WARNINGS                       (1)
#define MICROPY_DEBUG_PRINTERS                 (1) // main.c of the unix port wants its verbosity flag
#define MICROPY_OPT_COMPUTED_GOTO              (1)
#define MICROPY_PERSISTENT_CODE_LOAD           (1)
#define MICROPY_STREAMS_POSIX_API              (1)
#define MICROPY_SCHEDULER_DEPTH                (8)
#define MICROPY_SCHEDULER_STATIC_NODES         (1)
#define MICROPY_GC_SPLIT_HEAP                  (1)
#define MICROPY_GC_SPLIT_HEAP_AUTO             (1)
#define MP_PLAT_ALLOC_HEAP(size)               pod_heap_take(size)
#define MP_PLAT_FREE_HEAP(area)                pod_heap_give(area, (uint8_t *)((mp_state_mem_area_t *)(area))->gc_pool_end - (uint8_t *)(area))
#define MICROPY_ASYNC_KBD_INTR                 (0)

// built-ins and modules
#define MICROPY_PY_STR_BYTES_CMP_WARN          (1)
#define MICROPY_PY_ALL_INPLACE_SPECIAL_METHODS (1)
#define MICROPY_PY_IO_BUFFEREDWRITER           (1)
#define MICROPY_PY_HASHLIB_SHA256              (1)
#define MICROPY_PY_RANDOM_SEED_INIT_FUNC       (mp_random_seed_init())
#define MICROPY_PY_OS_INCLUDEFILE              "ports/unix/modos.c"
#define MICROPY_PY_OS_SYNC                     (1)
#define MICROPY_PY_OS_UNAME                    (1)
#define MICROPY_PY_OS_URANDOM                  (1)
// bluetooth, as on an ESP32; its porting layer is pod_ble.c
#define MICROPY_PY_BLUETOOTH                   (1)
#define MICROPY_PY_BLUETOOTH_USE_SYNC_EVENTS   (1)
#define MICROPY_PY_BLUETOOTH_ENABLE_CENTRAL_MODE (1)
#define MICROPY_PY_BLUETOOTH_ENABLE_PAIRING_BONDING (1)
#define MICROPY_PY_BLUETOOTH_ENABLE_L2CAP_CHANNELS (0)

#define MICROPY_PY_SELECT_POSIX_OPTIMISATIONS  (0)
#define MICROPY_PY_TIME                        (1)
#define MICROPY_PY_TIME_GMTIME_LOCALTIME_MKTIME (1)
#define MICROPY_PY_TIME_TIME_TIME_NS           (1)
#define MICROPY_PY_TIME_INCLUDEFILE            "pod_time.h"

// machine, as on an ESP32
#define MICROPY_PY_MACHINE                     (1)
#define MICROPY_PY_MACHINE_MEMX                (0)
#define MICROPY_PY_MACHINE_RESET               (1)
#define MICROPY_PY_MACHINE_BARE_METAL_FUNCS    (1)
#define MICROPY_PY_MACHINE_DISABLE_IRQ_ENABLE_IRQ (1)
#define MICROPY_PY_MACHINE_PULSE               (1)
#define MICROPY_PY_MACHINE_PIN_MAKE_NEW        mp_pin_make_new
#define MICROPY_PY_MACHINE_I2C                 (1)
#define MICROPY_PY_MACHINE_I2C_TRANSFER_WRITE1 (1)
#define MICROPY_PY_MACHINE_PWM                 (1)
#define MICROPY_PY_MACHINE_PWM_DUTY            (1)
#define MICROPY_PY_MACHINE_PWM_INCLUDEFILE     "pod_pwm.h"
#define MICROPY_PY_MACHINE_ADC                 (1)
#define MICROPY_PY_MACHINE_ADC_ATTEN_WIDTH     (1)
#define MICROPY_PY_MACHINE_ADC_INIT            (1)
#define MICROPY_PY_MACHINE_ADC_READ            (1)
#define MICROPY_PY_MACHINE_ADC_READ_UV         (1)
#define MICROPY_PY_MACHINE_ADC_INCLUDEFILE     "pod_adc.h"
#define MICROPY_PY_MACHINE_WDT                 (1)
#define MICROPY_PY_MACHINE_WDT_INCLUDEFILE     "pod_wdt.h"
