/* option_table.h - every option of the command line, each in one row.
 *
 * A row says all that parsing, checking, saving, loading, help, completion and the check of
 * the manual need.
 */
#ifndef GEN_OPTION_TABLE_H
#define GEN_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* The kind says how a value is checked, and the type of its member in struct options. */
enum option_kind {
	OPTION_SWITCH,		/* bool: true if given */
	OPTION_TEXT,		/* const char *, as in all kinds from here on but the last */
	OPTION_CHOICE,		/* one of the row's values */
	OPTION_FILE,
	OPTION_FOLDER,
	OPTION_HOST,		/* of a registry: host or host:port */
	OPTION_SECONDS,		/* long: from 1 to a day */
};

enum option_flags {
	OPTION_SAVED = 1,	/* in out/options, for later runs; any command lets it pass */
	OPTION_ABSOLUTE = 2,	/* a path from the folder that the program was started in */
	OPTION_FORM = 4,	/* a form of the status: a command takes only one of these */
	OPTION_HIDDEN = 8,	/* in the manual, but neither in help nor completed */
};

struct option_row {
	const char *name;
	char letter;		/* 0: none */
	enum option_kind kind;
	size_t offset;		/* of the member in struct options */
	const char *commands;	/* that use it, separated by blanks; NULL: all */
	unsigned flags;
	const char *argument;	/* what help calls the value */
	const char *values;	/* of a choice, separated by blanks */
	const char *help;	/* one line */
};

const struct option_row *option_rows(size_t *n);

/* Does the command use the option? */
bool option_is_of(const struct option_row *row, const char *command);

/* Is word in words, which blanks separate? */
bool option_words_have(const char *words, const char *word);

/* Append words as a list in a sentence: "a, b and c", where last is "and". */
void option_words_join(struct str *out, const char *words, const char *last);

#endif
