// The link to the pod's host: a socket on which each request gets one answer. host_tools/virtual_pod/wire.py is
// the other end; both must agree on the numbers and layouts below.
#ifndef PODLINK_H
#define PODLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    POD_HELLO = 1,       // -> payload pod_hello_t
    POD_TICK,            // time only
    POD_WAIT,            // c, d: low and high half of the longest wait [us]
    POD_CONSOLE_OUT,     // payload: text
    POD_CONSOLE_IN,      // c: most bytes -> count; waits for a byte or an interrupt
    POD_INTERRUPT_CHAR,  // a: the character that interrupts, 255 for none
    POD_RESET,           // a: reset cause, b: 1 = stay in the raw REPL; never answered
    POD_PIN_INIT,        // a: gpio, b: 1 = hold the pad no longer, c: mode or 0, d: pull or -1 -> -EINVAL without such a pin
    POD_PIN_SET,         // a: gpio, c: level
    POD_PIN_GET,         // a: gpio -> level
    POD_PIN_IRQ,         // a: gpio, c: trigger -> the trigger it had
    POD_I2C_INIT,        // a: id, b: scl + 256 * sda, c: frequency [Hz]
    POD_I2C_TRANSFER,    // a: id, b: address, c: bytes to read, d: POD_I2C_..., payload: bytes to write -> payload
    POD_PWM,             // a: gpio, c: frequency [Hz] or 0 = off, d: duty 0..65536
    POD_ADC,             // a: gpio -> voltage at the pin [mV]
    POD_WDT_START,       // c: timeout [ms]
    POD_WDT_FEED,
    POD_SET_TIME,        // c, d: low and high half of the time since 1970 [us]
    POD_FLASH_READ,      // c: offset, d: count -> payload
    POD_FLASH_WRITE,     // c: offset, payload: data
    POD_FLASH_ERASE,     // c: offset, d: count
    POD_FREQUENCY,       // c: of the CPU [MHz]
};

enum {
    POD_SLEEP = 64,      // a: 1 = deep, b: the pin of ext0 or 255, c, d: as POD_WAIT, payload: two masks of pins
    POD_WAKE_PIN,        // a: gpio -> -EINVAL when it cannot wake the pod
    POD_WAKE_REASON,     // -> as machine.wake_reason()
    POD_REGISTER,        // c: address -> payload: its 32 bits
    POD_BLE,             // a: what the radio shall do, and the rest: pod_ble.h
};

enum { POD_I2C_WRITES = 1, POD_I2C_READS = 2, POD_I2C_STOPS = 4 };
enum { POD_CONSOLE_WAITING = 1, POD_RADIO_WAITING = 2 };

typedef struct __attribute__((packed)) {
    uint8_t op;
    uint8_t a;
    uint16_t b;
    uint32_t c;
    uint32_t d;
    uint32_t spent_us;   // virtual time the VM used by itself since the last answer
} pod_request_t;

typedef struct __attribute__((packed)) {
    uint64_t now_us;
    uint64_t horizon_us; // until then nothing happens that the VM would have to ask for
    uint64_t fired;      // bit n: GPIO n interrupts
    int32_t status;      // 0 or more: the result; less: minus an errno
    uint32_t flags;      // POD_..._WAITING
} pod_answer_t;

typedef struct __attribute__((packed)) {
    uint64_t epoch_us;   // time since 1970 at virtual time 0
    uint32_t flash_size;
    uint8_t unique_id[6];
    uint8_t reset_cause;
    uint8_t raw_repl;
    uint32_t heap_size;  // all areas together [bytes], where words have 32 bits
    uint16_t mhz;        // of the CPU; 0: computing costs no time
    uint16_t tick_ms;    // waits end on multiples of it; 0: at any time
} pod_hello_t;

// True when a pod's host started this process. `fired` is called with every GPIO whose interrupt an answer tells of.
bool podlink_open(void (*fired)(int gpio));
bool podlink_is_open(void);

// Call poll(now_us) at each answer, and wait no longer than limit(now_us, longest_us).
void podlink_serve_timers(void (*poll)(uint64_t), uint64_t (*limit)(uint64_t, uint64_t));

// Call poll() at each answer while an event of the radio waits.
void podlink_serve_radio(void (*poll)(void));

// Ask the host; returns the status. `in` takes the answer's payload, in_size bytes at most.
int podlink_ask(int op, int a, int b, uint32_t c, uint32_t d,
    const void *out, size_t out_size, void *in, size_t in_size);

// As podlink_ask(), without payloads.
int podlink_do(int op, int a, int b, uint32_t c, uint32_t d);

// As podlink_ask(), for a payload made of parts.
typedef struct { const void *data; size_t size; } pod_part_t;
int podlink_ask_parts(const pod_request_t *request, const pod_part_t *parts, size_t count, void *in, size_t in_size);

uint64_t podlink_now_us(void);                 // one more microsecond each time it is read
void podlink_set_mhz(uint32_t mhz);            // charge computing at this frequency; 0: charge none
uint32_t podlink_cycles(void);                 // charged since the VM started
bool podlink_charges(void);                    // whether computing costs time
void podlink_wait(uint64_t longest_us);        // until an interrupt, new console input or the time
bool podlink_console_waiting(void);            // unread console bytes at the last answer
bool podlink_radio_waiting(void);              // events of the radio, the same
_Noreturn void podlink_reset(int cause, bool raw_repl);

#endif
