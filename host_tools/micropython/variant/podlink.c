#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "py/runtime.h"
#include "pod_cost.h"
#include "podlink.h"

static int link_fd = -1;
static void (*on_fired)(int gpio);
static void (*timers_poll)(uint64_t now_us);
static void (*radio_poll)(void);
static uint64_t (*timers_limit)(uint64_t now_us, uint64_t longest_us);
static uint64_t now_us;
static uint64_t horizon_us;
static uint32_t spent_us;    // by what has a time of its own
static uint32_t mhz;         // of the CPU; 0: computing costs nothing
static uint32_t cycles_before; // all that podlink took so far
static uint32_t odd_cycles;  // left of the last turn into microseconds
static uint32_t answer_flags;
static uint8_t message[sizeof(pod_request_t) + 65536];

// Ctrl-C, by the host's word that the interrupt character came in.
static void on_interrupt(int signal_number) {
    (void)signal_number;
    mp_sched_keyboard_interrupt();
}

// Once a second: a pod whose host has gone goes too.
static void on_alarm(int signal_number) {
    (void)signal_number;
    int saved = errno;
    char byte;
    if (recv(link_fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        _exit(0);
    }
    errno = saved;
}

static void handle_signal(int signal_number, void (*handler)(int)) {
    struct sigaction action = { .sa_handler = handler };
    sigaction(signal_number, &action, NULL);
}

bool podlink_open(void (*fired)(int gpio)) {
    const char *number = getenv("BACKSTEP_POD_FD");
    if (number == NULL) {
        return false;
    }
    link_fd = atoi(number);
    on_fired = fired;
    handle_signal(SIGINT, on_interrupt);
    handle_signal(SIGALRM, on_alarm);
    struct itimerval period = { { 1, 0 }, { 1, 0 } };
    setitimer(ITIMER_REAL, &period, NULL);
    return true;
}

void podlink_serve_timers(void (*poll)(uint64_t), uint64_t (*limit)(uint64_t, uint64_t)) {
    timers_poll = poll;
    timers_limit = limit;
}

void podlink_serve_radio(void (*poll)(void)) {
    radio_poll = poll;
}

bool podlink_is_open(void) {
    return link_fd >= 0;
}

static ssize_t receive(struct msghdr *header) {
    ssize_t size;
    do {
        size = recvmsg(link_fd, header, 0);
    } while (size < 0 && errno == EINTR);
    if (size < (ssize_t)sizeof(pod_answer_t)) {
        _exit(0); // the host took the power away
    }
    return size;
}

static uint32_t computed_us(void) {
    return mhz ? (odd_cycles + pod_cycles) / mhz : 0;
}

uint32_t podlink_cycles(void) {
    return cycles_before + pod_cycles;
}

static void forget_spent(void) {
    cycles_before += pod_cycles;
    odd_cycles = mhz ? (odd_cycles + pod_cycles) % mhz : 0;
    pod_cycles = spent_us = 0;
}

static uint32_t cycles_until(uint64_t us) {
    uint64_t cycles = us > now_us ? (us - now_us) * mhz : 0;
    return mhz && cycles < UINT32_MAX ? cycles : UINT32_MAX;
}

static int take_answer(void *in, size_t in_size) {
    pod_answer_t answer;
    struct iovec parts[2] = { { &answer, sizeof(answer) }, { in, in_size } };
    struct msghdr header = { .msg_iov = parts, .msg_iovlen = 2 };
    receive(&header);
    now_us = answer.now_us;
    horizon_us = answer.horizon_us;
    answer_flags = answer.flags;
    forget_spent();
    pod_cycles_limit = cycles_until(horizon_us);
    for (int gpio = 0; answer.fired; ++gpio, answer.fired >>= 1) {
        if (answer.fired & 1) {
            on_fired(gpio);
        }
    }
    if (timers_poll != NULL) {
        timers_poll(now_us);
        horizon_us = now_us + timers_limit(now_us, horizon_us - now_us);
    }
    if (radio_poll != NULL && podlink_radio_waiting()) {
        radio_poll();
    }
    return answer.status;
}

int podlink_ask_parts(const pod_request_t *request, const pod_part_t *parts, size_t count, void *in, size_t in_size) {
    pod_request_t *head = (pod_request_t *)message;
    *head = *request;
    head->spent_us = spent_us + computed_us();
    size_t size = sizeof(*head);
    for (size_t i = 0; i < count; ++i) {
        if (parts[i].size > sizeof(message) - size) {
            return -EINVAL;
        }
        memcpy(message + size, parts[i].data, parts[i].size);
        size += parts[i].size;
    }
    ssize_t sent;
    do {
        sent = send(link_fd, message, size, MSG_NOSIGNAL);
    } while (sent < 0 && errno == EINTR);
    if (sent < 0) {
        _exit(0);
    }
    return take_answer(in, in_size);
}

int podlink_ask(int op, int a, int b, uint32_t c, uint32_t d,
    const void *out, size_t out_size, void *in, size_t in_size) {
    pod_request_t request = { .op = op, .a = a, .b = b, .c = c, .d = d };
    pod_part_t part = { out, out_size };
    return podlink_ask_parts(&request, &part, out_size ? 1 : 0, in, in_size);
}

int podlink_do(int op, int a, int b, uint32_t c, uint32_t d) {
    return podlink_ask(op, a, b, c, d, NULL, 0, NULL, 0);
}

uint64_t podlink_now_us(void) {
    ++spent_us;
    uint64_t now = now_us + spent_us + computed_us();
    if (now < horizon_us) {
        return now;
    }
    podlink_do(POD_TICK, 0, 0, 0, 0);
    return now_us;
}

void podlink_time_is_due(void) {
    if (podlink_is_open() && mhz) {
        podlink_do(POD_TICK, 0, 0, 0, 0);
    } else {
        forget_spent();
    }
}

void podlink_set_mhz(uint32_t new_mhz) {
    podlink_do(POD_FREQUENCY, 0, 0, new_mhz, 0);
    mhz = new_mhz;
    odd_cycles = 0;
    pod_cycles_limit = cycles_until(horizon_us);
}

bool podlink_charges(void) {
    return mhz != 0;
}

void podlink_wait(uint64_t longest_us) {
    if (timers_limit != NULL) {
        longest_us = timers_limit(now_us + spent_us, longest_us);
    }
    podlink_do(POD_WAIT, 0, 0, (uint32_t)longest_us, (uint32_t)(longest_us >> 32));
}

bool podlink_console_waiting(void) {
    return answer_flags & POD_CONSOLE_WAITING;
}

bool podlink_radio_waiting(void) {
    return answer_flags & POD_RADIO_WAITING;
}

_Noreturn void podlink_reset(int cause, bool raw_repl) {
    podlink_do(POD_RESET, cause, raw_repl, 0, 0);
    _exit(0); // an answer instead of the end: no host of ours
}
