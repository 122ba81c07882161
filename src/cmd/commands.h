/* commands.h - the commands, each in one row, and the functions that run them.  */
#ifndef GEN_COMMANDS_H
#define GEN_COMMANDS_H

#include <stddef.h>

struct error;
struct options;

/*
 * Run one command.  The current folder is the fleet's, and options->words are as many as the
 * command's row says.
 *
 * Returns:   the exit status.
 * Errors:    -1 and err set, which the caller prints; what is said besides is said already.
 */
typedef int command_run(struct options *options, struct error *err);

command_run cmd_check, cmd_classify, cmd_diff, cmd_digest, cmd_explain, cmd_forget, cmd_generate,
	cmd_graph, cmd_prune, cmd_status;

struct command {
	const char *name;
	command_run *run;
	int words_least, words_most;	/* behind its name */
	const char *words;		/* what usage calls them; "" for none */
	const char *summary;		/* one line */
	const char *text;		/* the rest of its help */
	const char *example;		/* behind the program's name; NULL: none */
};

/* The first one is run when the command line names none. */
const struct command *commands(size_t *n);

/* NULL if no command has this name. */
const struct command *command_find(const char *name);

#endif
