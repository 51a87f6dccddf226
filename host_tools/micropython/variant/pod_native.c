// Native and viper code: how many machine instructions a call runs, counted by single-stepping some of the calls.
// Every call pays for as many as its function ran when it was last counted; what native code calls of the runtime
// pays by itself (pod_cost.c). Counted are calls 1, 2, 4, 8 ... and every 4096th, so that it is the same each time.
// Functions of the runtime run at full speed: where one is entered, its return address is replaced by a breakpoint,
// and stepping goes on where it would have returned to. On a pod that computes for nothing nothing is counted.
#define _GNU_SOURCE // names of registers
#include <signal.h>
#include <string.h>
#include <ucontext.h>

#include "py/nlr.h"
#include "py/obj.h"
#include "pod_cost.h"
#include "pod_native.h"
#include "podlink.h"

#define KEPT (256)
#define COUNTED_EVERY (4096)
#define CODE_SIZE_MAX (16 * 1024)
#define TRAP_FLAG (0x100)

typedef struct {
    mp_call_fun_t function;
    uint32_t calls;
    uint32_t steps; // of one call
} kept_t;

static kept_t kept[KEPT];
static volatile struct {
    uintptr_t code; // where the counted function begins
    uintptr_t back; // where in it the function of the runtime returns to that it called last
    uint32_t steps;
    bool inside; // the last step was one of its own
    bool on;
} stepping;

#if defined(__i386__)
#define PROGRAM_COUNTER REG_EIP
#define STACK_POINTER REG_ESP
#define FLAGS REG_EFL
#define SET_TRAP() __asm__ volatile ("pushf\n orl $0x100, (%%esp)\n popf" ::: "cc", "memory")
#define CLEAR_TRAP() __asm__ volatile ("pushf\n andl $~0x100, (%%esp)\n popf" ::: "cc", "memory")
#elif defined(__x86_64__)
#define PROGRAM_COUNTER REG_RIP
#define STACK_POINTER REG_RSP
#define FLAGS REG_EFL
#define SET_TRAP() __asm__ volatile ("lea -128(%%rsp), %%rsp\n pushf\n orq $0x100, (%%rsp)\n popf\n lea 128(%%rsp), %%rsp" ::: "cc", "memory")
#define CLEAR_TRAP() __asm__ volatile ("lea -128(%%rsp), %%rsp\n pushf\n andq $~0x100, (%%rsp)\n popf\n lea 128(%%rsp), %%rsp" ::: "cc", "memory")
#endif

#ifdef PROGRAM_COUNTER

extern const char pod_native_returns[] __attribute__((visibility("hidden"))); // what follows the breakpoint
__asm__ (".text\n int3\n.globl pod_native_returns\n.hidden pod_native_returns\npod_native_returns: ret\n");
#define BREAKPOINT ((uintptr_t)pod_native_returns - 1)

static bool is_counted_code(uintptr_t address) {
    return address - stepping.code < CODE_SIZE_MAX;
}

static void on_step(int number, siginfo_t *info, void *context) {
    (void)number;
    (void)info;
    greg_t *registers = ((ucontext_t *)context)->uc_mcontext.gregs;
    uintptr_t at = (uintptr_t)registers[PROGRAM_COUNTER];
    uintptr_t *top = (uintptr_t *)registers[STACK_POINTER];
    if (at == BREAKPOINT + 1) {
        at = registers[PROGRAM_COUNTER] = stepping.back;
        registers[FLAGS] |= TRAP_FLAG;
    }
    if (is_counted_code(at)) {
        ++stepping.steps;
        stepping.inside = true;
    } else if (stepping.inside) {
        stepping.inside = false;
        // nlr_push() keeps where it returns to for later: it is stepped through.
        if (is_counted_code(*top) && at != (uintptr_t)nlr_push) {
            stepping.back = *top;
            *top = BREAKPOINT;
            registers[FLAGS] &= ~TRAP_FLAG;
        }
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
    stepping.steps = 0;
    stepping.inside = false;
    stepping.on = true;
    SET_TRAP();
}

#else // another computer: calls cost their price and nothing for what they run

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
    if (podlink_is_open() && !podlink_charges()) {
        return function(self, n_args, n_kw, args);
    }
    bool within = stepping.on; // a native function that is being counted calls another one, by way of the runtime
    uintptr_t code = stepping.code;
    uintptr_t back = stepping.back;
    uint32_t steps = stepping.steps;
    kept_t *entry = keep(function);
    mp_obj_t result;
    if (is_counted(++entry->calls)) {
        start_stepping(function);
        result = function(self, n_args, n_kw, args);
        CLEAR_TRAP();
        entry->steps = stepping.steps;
    } else {
        stepping.on = false;
        result = function(self, n_args, n_kw, args);
    }
    stepping.code = code;
    stepping.back = back;
    stepping.steps = steps;
    stepping.inside = false;
    stepping.on = within;
    pod_charge(POD_NATIVE);
    pod_charge_many(POD_STEP, entry->steps);
    return result;
}
