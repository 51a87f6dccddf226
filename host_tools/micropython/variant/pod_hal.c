// Console and time of the virtual pod. Each function does the PC's own thing when no host is there.
#include <string.h>
#include <time.h>

#include "py/mphal.h"
#include "py/mpstate.h"
#include "py/runtime.h"
#include "py/stream.h"
#include "shared/timeutils/timeutils.h"
#include "pod_ble.h"
#include "pod_pin.h"
#include "podlink.h"

void __real_mp_hal_set_interrupt_char(char c);
void __real_mp_hal_stdio_mode_raw(void);
void __real_mp_hal_stdio_mode_orig(void);
int __real_mp_hal_stdin_rx_chr(void);
mp_uint_t __real_mp_hal_stdout_tx_strn(const char *str, size_t len);

static uint8_t input[256];
static int input_count, input_next;
static unsigned interrupts_seen;
static unsigned radio_seen;
static bool callbacks_ran;

// ---- console

void __wrap_mp_hal_set_interrupt_char(char c) {
    if (podlink_is_open()) {
        podlink_do(POD_INTERRUPT_CHAR, (uint8_t)c, 0, 0, 0);
    } else {
        __real_mp_hal_set_interrupt_char(c);
    }
}

void __wrap_mp_hal_stdio_mode_raw(void) {
    if (!podlink_is_open()) {
        __real_mp_hal_stdio_mode_raw();
    }
}

void __wrap_mp_hal_stdio_mode_orig(void) {
    if (!podlink_is_open()) {
        __real_mp_hal_stdio_mode_orig();
    }
}

int __wrap_mp_hal_stdin_rx_chr(void) {
    if (!podlink_is_open()) {
        return __real_mp_hal_stdin_rx_chr();
    }
    while (input_next >= input_count) {
        mp_handle_pending(true);
        input_next = 0;
        input_count = podlink_ask(POD_CONSOLE_IN, 0, 0, sizeof(input), 0, NULL, 0, input, sizeof(input));
    }
    return input[input_next++];
}

mp_uint_t __wrap_mp_hal_stdout_tx_strn(const char *str, size_t len) {
    if (!podlink_is_open()) {
        return __real_mp_hal_stdout_tx_strn(str, len);
    }
    for (size_t done = 0; done < len; done += 4096) {
        podlink_ask(POD_CONSOLE_OUT, 0, 0, 0, 0, str + done, MIN(len - done, 4096), NULL, 0);
    }
    return len;
}

void __wrap_mp_hal_stdout_tx_str(const char *str) {
    __wrap_mp_hal_stdout_tx_strn(str, strlen(str));
}

// A line ends with carriage return and line feed on the pod's console; a PC's terminal sees to that itself.
void __wrap_mp_hal_stdout_tx_strn_cooked(const char *str, size_t len) {
    while (podlink_is_open() && len) {
        const char *end = memchr(str, '\n', len);
        size_t size = end ? (size_t)(end - str) : len;
        if (size) {
            __wrap_mp_hal_stdout_tx_strn(str, size);
        }
        if (end) {
            __wrap_mp_hal_stdout_tx_strn("\r\n", 2);
            ++size;
        }
        str += size;
        len -= size;
    }
    __wrap_mp_hal_stdout_tx_strn(str, len);
}

uintptr_t mp_hal_stdio_poll(uintptr_t wanted) {
    bool readable = !podlink_is_open() || input_next < input_count || podlink_console_waiting();
    return wanted & ((readable ? MP_STREAM_POLL_RD : 0) | MP_STREAM_POLL_WR);
}

// sys.stdin and its like as a board has them: on the console, not on file descriptors.
#define mp_sys_stdin_obj __wrap_mp_sys_stdin_obj
#define mp_sys_stdout_obj __wrap_mp_sys_stdout_obj
#define mp_sys_stderr_obj __wrap_mp_sys_stderr_obj
#include "shared/runtime/sys_stdio_mphal.c"

// ---- time

extern int pod_tick_ms;  // pod_main.c
extern int pod_clock_hz; // pod_machine.h

static uint64_t clock_us(clockid_t id) {
    struct timespec now;
    clock_gettime(id, &now);
    return (uint64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static uint64_t monotonic_us(void) {
    return podlink_is_open() ? podlink_now_us() : clock_us(CLOCK_MONOTONIC);
}

mp_uint_t pod_ticks_ms(void) {
    return (mp_uint_t)(monotonic_us() / 1000);
}

mp_uint_t pod_ticks_us(void) {
    return (mp_uint_t)monotonic_us();
}

mp_uint_t pod_ticks_cpu(void) {
    return (mp_uint_t)(monotonic_us() * (pod_clock_hz / 1000000));
}

extern uint64_t pod_epoch_us; // pod_main.c

// Since 2000, the port's epoch.
uint64_t pod_time_ns(void) {
    uint64_t us = podlink_is_open() ? pod_epoch_us + podlink_now_us() : clock_us(CLOCK_REALTIME);
    return us * 1000 - TIMEUTILS_SECONDS_1970_TO_2000 * 1000000000;
}

static void pause_us(uint64_t longest_us) {
    if (podlink_is_open()) {
        podlink_wait(longest_us);
    } else {
        usleep((useconds_t)MIN(longest_us, 500));
    }
}

void pod_delay_us(mp_uint_t us) {
    uint64_t end = monotonic_us() + us;
    for (uint64_t now = end - us; now < end; now = monotonic_us()) {
        pause_us(end - now);
    }
}

void pod_delay_ms(mp_uint_t ms) {
    uint64_t end = monotonic_us() + (uint64_t)ms * 1000;
    mp_handle_pending(true);
    for (uint64_t now = monotonic_us(); now < end; now = monotonic_us()) {
        pause_us(end - now);
        mp_handle_pending(true);
    }
}

// ---- waiting

// Called just before queued callbacks run: what they do may be what the caller waits for.
void pod_note_pending(void) {
    callbacks_ran = callbacks_ran || mp_sched_num_pending() > 0;
}

// An ESP32's task sleeps until the next tick of FreeRTOS, so a time limit ends there.
static uint64_t until_tick_us(mp_int_t timeout_ms) {
    uint64_t us = (uint64_t)timeout_ms * 1000;
    if (pod_tick_ms == 0) {
        return us;
    }
    uint64_t now = monotonic_us(), tick = pod_tick_ms * 1000;
    return (now + us + tick - 1) / tick * tick - now;
}

static bool nothing_happened(void) {
    return !callbacks_ran && interrupts_seen == pod_pin_interrupt_count();
}

static void run_callbacks(void) {
    callbacks_ran = false;
    interrupts_seen = pod_pin_interrupt_count();
    mp_handle_pending(true);
}

// Wait, unless something happened since the caller last looked; a wake-up is never lost between look and wait.
// The radio's handlers run at once, in another task of an ESP32; who waits looks again at the next tick, as there.
void pod_wait_for_event(mp_int_t timeout_ms) {
    if (nothing_happened() && radio_seen == pod_ble_served()) {
        pause_us(timeout_ms < 0 ? UINT64_MAX : until_tick_us(timeout_ms));
    }
    bool alone = nothing_happened();
    run_callbacks();
    uint64_t us;
    while (alone && radio_seen != pod_ble_served() && pod_tick_ms && (us = until_tick_us(0)) > 0) {
        radio_seen = pod_ble_served();
        pause_us(us);
        alone = nothing_happened();
        run_callbacks();
    }
    radio_seen = pod_ble_served();
}
