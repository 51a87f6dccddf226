// The port's side of py/mphal.h: time that the pod's host keeps, or the PC's own without one.
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

#ifndef CHAR_CTRL_C
#define CHAR_CTRL_C (3)
#endif

void pod_wait_for_event(mp_int_t timeout_ms);
void pod_note_pending(void);
mp_uint_t pod_ticks_ms(void);
mp_uint_t pod_ticks_us(void);
mp_uint_t pod_ticks_cpu(void);
uint64_t pod_time_ns(void);
void pod_delay_ms(mp_uint_t ms);
void pod_delay_us(mp_uint_t us);

#define MICROPY_INTERNAL_WFE(TIMEOUT_MS) pod_wait_for_event((mp_int_t)(TIMEOUT_MS))
#define MICROPY_INTERNAL_EVENT_HOOK pod_note_pending()
#define mp_hal_ticks_ms pod_ticks_ms
#define mp_hal_ticks_us pod_ticks_us
#define mp_hal_ticks_cpu pod_ticks_cpu
#define mp_hal_time_ns pod_time_ns
#define mp_hal_delay_ms pod_delay_ms
#define mp_hal_delay_us pod_delay_us

void mp_hal_set_interrupt_char(char c);
void mp_hal_stdio_mode_raw(void);
void mp_hal_stdio_mode_orig(void);
void mp_hal_get_random(size_t n, void *buf);

#include "py/misc.h"
#include "shared/readline/readline.h"
// input() reads its line in the terminal's raw mode.
#define mp_hal_readline mp_hal_readline
static inline int mp_hal_readline(vstr_t *vstr, const char *prompt) {
    mp_hal_stdio_mode_raw();
    int ret = readline(vstr, prompt);
    mp_hal_stdio_mode_orig();
    return ret;
}

// Repeat a system call that a signal cut short, unless the signal raises.
#define MP_HAL_RETRY_SYSCALL(ret, syscall, raise) { \
        for (;;) { \
            ret = syscall; \
            if (ret == -1) { \
                int err = errno; \
                if (err == EINTR) { \
                    mp_handle_pending(true); \
                    continue; \
                } \
                raise; \
            } \
            break; \
        } \
}

#define RAISE_ERRNO(err_flag, error_val) \
    { if (err_flag == -1) \
      { mp_raise_OSError(error_val); } }
