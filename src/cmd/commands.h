/* commands.h - the commands, each in one row, and the functions that run them.  */
#ifndef GEN_COMMANDS_H
#define GEN_COMMANDS_H

#include <stddef.h>

struct error;
struct options;

/*
 * Run one command, in the fleet's folder.  options->words are as many as its row allows.
 *
 * Returns:   the exit status.
 * Errors:    -1 and err set; the caller prints it.
 */
typedef int command_run(struct options *options, struct error *err);

command_run cmd_check, cmd_classify, cmd_diff, cmd_digest, cmd_explain, cmd_forget, cmd_generate,
	cmd_graph, cmd_prune, cmd_status;

struct command {
	const char *name;
	command_run *run;
	int words_least, words_most;	/* after its name */
	const char *words;		/* what usage calls them; "" for none */
	const char *summary;		/* one line */
	const char *text;		/* the longer part of its help */
	const char *example;		/* without the program's name; NULL: none */
};

/* The first one is run when the command line names none. */
const struct command *commands(size_t *n);

/* NULL if no command has this name. */
const struct command *command_find(const char *name);

#endif
