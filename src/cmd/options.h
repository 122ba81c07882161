/* options.h - what the command line asks for.  */
#ifndef GEN_OPTIONS_H
#define GEN_OPTIONS_H

#include <stdbool.h>

#include "os/engine_kind.h"

struct arena;
struct error;
struct fleet;

/* Each option has a row in option_table.c, which says which member it sets. */
struct options {
	const char *folder;		/* the fleet's */
	const char *fleet_file;		/* from there */
	const char *repo;		/* absolute; NULL: the fleet's path */
	const char *registry;		/* in place of the fleet's; NULL: the fleet's */
	const char *engine;		/* NULL: the first that works */
	const char *native;		/* "auto" or "compile"; NULL: auto */
	const char *format;		/* of a picture, "dot" or "svg"; NULL: dot */
	long registry_timeout_s;	/* 0: the default */
	bool no_push;
	bool offline;
	bool dry_run;
	bool json;
	bool md;
	bool html;
	bool files;			/* into out/status.*, not to stdout */
	bool watch;
	bool image_id;
	bool regenerate;		/* ninja calls: use the last run's options */
	bool list;
	bool help;
	bool version;

	unsigned long given;		/* a bit for each row of the table: it was on the command line */
	const char *command;		/* the first word; NULL: there is none */
	char **words;			/* the words after it, then NULL */
};

/*
 * Read a command line; argv is reordered.
 *
 * Errors:    -1 and err set: an unknown option, a value that is missing or wrong.
 */
int options_parse(struct options *out, int argc, char **argv, struct arena *a, struct error *err);

/*
 * Does the command take each option that was given, and do they go together?
 *
 * Errors:    -1 and err set.
 */
int options_check(const struct options *o, const char *command, struct error *err);

/*
 * Keep the options that later runs need in out/options, with the engine that was chosen: one
 * "name=value" a line.  The current folder is the fleet's.
 */
int options_save(const struct options *o, enum engine engine, struct error *err);

/*
 * Take those of the last run, but for what the command line gives.
 *
 * Errors:    -1 and err set, also if there was no run.
 */
int options_load(struct options *o, struct arena *a, struct error *err);

/* The same, but if there was no run, o stays as it is. */
int options_load_if_any(struct options *o, struct arena *a, struct error *err);

/* The registry that stands in for the fleet's, or the fleet's. */
const char *options_registry(const struct options *o, const struct fleet *fleet);

/* Are no compiled objects to be reused? */
bool options_compile_all(const struct options *o);

#endif
