/* options.h - what the command line asks for.  */
#ifndef GEN_OPTIONS_H
#define GEN_OPTIONS_H

#include <stdbool.h>

#include "os/engine_kind.h"

struct arena;
struct error;
struct fleet;

struct options {
	const char *folder;		/* -C: the fleet's folder */
	const char *fleet_file;		/* -f, from the fleet's folder */
	bool fleet_given;		/* -f was there */
	const char *repo;		/* --repo, absolute; NULL: the fleet's path */
	const char *registry;		/* stands in for the fleet's; NULL: it does not */
	const char *engine;		/* NULL: the first that works */
	bool push;
	bool offline;
	bool dry_run;
	bool json;
	bool md;
	bool html;
	bool files;			/* into out/status.*, not to stdout */
	bool watch;
	bool image_id;
	const char *format;		/* of a picture; NULL: the default */
	bool compile_all;		/* --native=compile */
	bool regenerate;		/* ninja calls: take the last run's options */
	bool help;
	bool version;
	long registry_timeout_s;	/* 0: the default */
};

/*
 * Read options from argv, which is reordered: *rest is the first word that is
 * no option (argc if there is none).
 *
 * Errors:    -1 and err set: an unknown option, a value that is missing or wrong.
 */
int options_parse(struct options *out, int argc, char **argv, int *rest, struct arena *a,
                  struct error *err);

/*
 * Is each option that only some commands know given to one of these?
 *
 * Errors:    -1 and err set.
 */
int options_check(const struct options *o, const char *command, struct error *err);

/*
 * The options that a later "gen --regenerate" needs, in out/options, one
 * "name=value" a line.  The current folder is the fleet's.
 */
int options_save(const struct options *o, enum engine engine, struct error *err);
int options_load(struct options *o, struct arena *a, struct error *err);

/* The last run's options, but for those that o has already from the command line. */
int options_load_under(struct options *o, struct arena *a, struct error *err);

/*
 * For commands that look at what the last run left: its fleet, unless -f names one, and
 * whether it pushes.
 */
int options_take_last(struct options *o, struct arena *a, struct error *err);

/* The registry that stands in for the fleet's, or the fleet's. */
const char *options_registry(const struct options *o, const struct fleet *fleet);

void options_print_help(void);

#endif
