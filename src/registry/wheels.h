/* wheels.h - ask whether wheels are there, all at once.  */
#ifndef GEN_WHEELS_H
#define GEN_WHEELS_H

#include <stddef.h>

struct arena;
struct error;
struct wheel;

/*
 * Ask for each wheel's head, until deadline_s from now: what is not answered by then is
 * unknown.  Redirects are followed, what may pass is asked again.  No credentials go out.
 *
 * Errors:    -1 and err set if libcurl cannot be started.
 * Ownership: what is filled in lives as long as a.
 */
int wheels_ask(struct wheel *wheels, size_t n, double deadline_s, struct arena *a, struct error *err);

#endif
