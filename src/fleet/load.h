/* load.h - read the fleet and its mappings from files.  */
#ifndef GEN_LOAD_H
#define GEN_LOAD_H

#include "fleet/entry.h"
#include "fleet/fleet.h"

struct arena;
struct error;

struct loaded {
	struct fleet fleet;
	struct entries entries;		/* of all mappings and extra commits */
	struct entries dataset;
};

/*
 * Read fleet_file, in the current folder, and what it names.
 *
 * Errors:    -1 and err set.
 * Ownership: entries and dataset are freed with loaded_dispose, also after an
 *            error; all else lives as long as a.
 */
int loaded_read(struct loaded *out, const char *fleet_file, struct arena *a, struct error *err);
void loaded_dispose(struct loaded *l);

#endif
