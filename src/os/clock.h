/* clock.h - the two clocks of the machine.  */
#ifndef GEN_CLOCK_H
#define GEN_CLOCK_H

#include <stdint.h>

/* Seconds since some moment in the past; never goes back. */
double clock_monotonic_s(void);

/* Seconds since 1970 UTC. */
int64_t clock_epoch_s(void);

#endif
