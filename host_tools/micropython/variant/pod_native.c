// Native and viper code: how many machine instructions a call runs, counted by single-stepping some of the calls.
// Every call pays for as many as its function ran when it was last counted; what native code calls of the runtime
// pays by itself (pod_cost.c). Counted are calls 1, 2, 4, 8 ... and every 4096th, so that it is the same each time.
#define _GNU_SOURCE // names of registers
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "py/obj.h"
#include "pod_cost.h"
#include "pod_native.h"

#define KEPT (256)
#define COUNTED_EVERY (4096)
#define CODE_SIZE_MAX (16 * 1024)
#define AWAY_MAX (4000) // machine instructions elsewhere after which the counted code is taken not to come back
#define TRAP_FLAG (0x100)

typedef struct {
    mp_call_fun_t function;
    uint32_t calls;
    uint32_t steps; // of one call
} kept_t;

static kept_t kept[KEPT];
static volatile struct {
    uintptr_t code; // where the counted function begins
    uint32_t steps;
    uint32_t away;
    bool on;
} stepping;

#if defined(__i386__)
#define PROGRAM_COUNTER REG_EIP
#define FLAGS REG_EFL
#define SET_TRAP() __asm__ volatile ("pushf\n orl $0x100, (%%esp)\n popf" ::: "cc", "memory")
#define CLEAR_TRAP() __asm__ volatile ("pushf\n andl $~0x100, (%%esp)\n popf" ::: "cc", "memory")
#elif defined(__x86_64__)
#define PROGRAM_COUNTER REG_RIP
#define FLAGS REG_EFL
#define SET_TRAP() __asm__ volatile ("lea -128(%%rsp), %%rsp\n pushf\n orq $0x100, (%%rsp)\n popf\n lea 128(%%rsp), %%rsp" ::: "cc", "memory")
#define CLEAR_TRAP() __asm__ volatile ("lea -128(%%rsp), %%rsp\n pushf\n andq $~0x100, (%%rsp)\n popf\n lea 128(%%rsp), %%rsp" ::: "cc", "memory")
#endif

#ifdef PROGRAM_COUNTER

static void on_step(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t offset = (uintptr_t)registers[PROGRAM_COUNTER] - stepping.code;
    if (offset < CODE_SIZE_MAX) {
        ++stepping.steps;
        stepping.away = 0;
    } else if (++stepping.away > AWAY_MAX) {
        stepping.on = false;
        registers[FLAGS] &= ~TRAP_FLAG;
    }
}

static void start_stepping(mp_call_fun_t function) {
    static bool ready;
    if (!ready) {
        struct sigaction action = { .sa_sigaction = on_step, .sa_flags = SA_SIGINFO };
        sigaction(SIGTRAP, &action, NULL);
        ready = true;
    }
    stepping.code = (uintptr_t)function;
    stepping.steps = stepping.away = 0;
    stepping.on = true;
    SET_TRAP();
}

#else // another computer: calls cost their price and nothing for what they run

#define SET_TRAP()
#define CLEAR_TRAP()
static void start_stepping(mp_call_fun_t function) {
    (void)function;
}

#endif

static kept_t *keep(mp_call_fun_t function) {
    for (size_t i = (uintptr_t)function / 64 % KEPT, tries = 0; tries < KEPT; i = (i + 1) % KEPT, ++tries) {
        if (kept[i].function == NULL || kept[i].function == function) {
            kept[i].function = function;
            return &kept[i];
        }
    }
    return &kept[0]; // more functions than a pod has room for
}

static bool is_counted(uint32_t call) {
    return (call & (call - 1)) == 0 || call % COUNTED_EVERY == 0;
}

mp_obj_t pod_native_call(mp_call_fun_t function, mp_obj_t self, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    bool within = stepping.on; // a native function that is being counted calls another one
    uintptr_t code = stepping.code;
    uint32_t steps = stepping.steps;
    if (within) {
        CLEAR_TRAP();
        stepping.on = false;
    }
    kept_t *entry = keep(function);
    mp_obj_t result;
    if (is_counted(++entry->calls)) {
        start_stepping(function);
        result = function(self, n_args, n_kw, args);
        CLEAR_TRAP();
        stepping.on = false;
        entry->steps = stepping.steps;
    } else {
        result = function(self, n_args, n_kw, args);
    }
    pod_charge(POD_NATIVE);
    pod_charge_many(POD_STEP, entry->steps);
    if (within) {
        stepping.code = code;
        stepping.steps = steps;
        stepping.away = 0;
        stepping.on = true;
        SET_TRAP();
    }
    return result;
}
