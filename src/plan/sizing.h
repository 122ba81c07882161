/* sizing.h - how much to compile at a time, and what first.  */
#ifndef GEN_SIZING_H
#define GEN_SIZING_H

#include "os/engine_kind.h"

struct arena;
struct error;
struct plan;

/*
 * Set the plan's order, the depth of pool cuda, and what a compile takes, from the journal,
 * and for "auto" from the machine.  All else has been decided.
 */
int sizing_make(struct plan *plan, enum engine engine, struct arena *a, struct error *err);

#endif
