/* fleet_rules.h - the parts of fleet.json that tell of native code and of known faults.  Pure. */
#ifndef GEN_FLEET_RULES_H
#define GEN_FLEET_RULES_H

struct fields;
struct fleet;

/* "native"; fleet->native.n_inputs stays 0 without it. */
int fleet_read_native(struct fleet *out, const struct fields *f);

/*
 * "preflight"; substitutions must have been read: a cure names them.
 *
 * Errors:    as in fields.h, and -1 for a substitution that is not there.
 */
int fleet_read_preflight(struct fleet *out, const struct fields *f);

#endif
