/* wheels.h - ask whether wheels are there, all at once.  */
#ifndef GEN_WHEELS_H
#define GEN_WHEELS_H

#include <stddef.h>

struct arena;
struct error;
struct wheel;

/*
 * Send a HEAD for each wheel.  After deadline_s seconds, wheels without an answer are unknown.
 * Redirects are followed, and after a failure that may pass the wheel is asked for again.  No
 * credentials are sent.
 *
 * Errors:    -1 and err set if libcurl cannot be started.
 * Ownership: what is filled in lives as long as a.
 */
int wheels_ask(struct wheel *wheels, size_t n, double deadline_s, struct arena *a, struct error *err);

#endif
