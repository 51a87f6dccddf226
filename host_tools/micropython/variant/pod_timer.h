// Hardware timers of the virtual pod, in virtual time.
#ifndef POD_TIMER_H
#define POD_TIMER_H

#include <stdint.h>

// Queue the callbacks of the timers that are due.
void pod_timer_poll(uint64_t now_us);

// Return the longest wait from now on that passes no timer.
uint64_t pod_timer_limit(uint64_t now_us, uint64_t longest_us);

#endif
