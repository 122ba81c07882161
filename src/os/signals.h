/* signals.h - ^C and its like, waited for instead of caught.
 *
 * INT, TERM and HUP are blocked from signals_watch on and are taken where the program
 * waits: nothing happens in handlers.  One that was ignored when the program started
 * (nohup) stays ignored.
 */
#ifndef GEN_SIGNALS_H
#define GEN_SIGNALS_H

#include <signal.h>

/* Start watching; SIGCHLD becomes waitable too. */
void signals_watch(void);

/*
 * Wait for one of the watched signals, for one of extra (may be NULL), or until
 * seconds have passed (negative: no limit).
 *
 * Returns:   the signal, 0 when the time is over.
 */
int signals_wait(double seconds, const sigset_t *extra);

/* In a child: nothing blocked, what was ignored at the start still ignored. */
void signals_release(void);

/* End as if signal had never been caught, so that the parent sees which it was. */
_Noreturn void signals_die(int number);

#endif
