/* status_read.h - gather what says how far the fleet is, from files alone.  */
#ifndef GEN_STATUS_READ_H
#define GEN_STATUS_READ_H

#include <stdbool.h>

#include "fleet/load.h"
#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "status/status.h"

struct arena;
struct error;
struct options;

/* All that a status points into. */
struct status_files {
	struct loaded loaded;
	struct planned planned;
	struct made *made;
	size_t n_made;
	struct running *running;
	size_t n_running;
	struct ledger ledger;
	struct journal journal;
	struct journal_attempts attempts;
	bool push;			/* images are pushed, as the last run of gen was told */
	struct status status;
};

/*
 * Read fleet, mappings, out/plan.json, out/stamps, out/run, out/build_progress.json,
 * the ends of the logs of steps that are at work, out/failures.jsonl, out/journal.jsonl.
 * Neither clone nor registry nor engine is asked.
 *
 * Now is the clock's, or SOURCE_DATE_EPOCH's, which makes reports that can be compared.
 *
 * Errors:    -1 and err set; also when there is no plan, or totals don't add up.
 * Ownership: freed with status_files_dispose, also after an error; texts live as
 *            long as a.
 */
int status_files_read(struct status_files *out, struct options *options, struct arena *a,
                      struct error *err);
void status_files_dispose(struct status_files *f);

/*
 * Read some lines of the logs of those that failed, around the fatal one: only pages
 * that show them need them.
 */
int status_files_read_excerpts(struct status_files *f, struct arena *a, struct error *err);

/* The row that word names.  Errors: -1 and err set if it names none, or several. */
int status_files_find(const struct status_row **out, const struct status_files *f,
                      const char *word, struct error *err);

#endif
