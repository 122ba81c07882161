/* gen.c - the generator: options, then one command.  */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "cmd/commands.h"
#include "cmd/help.h"
#include "cmd/options.h"

#define EXIT_USAGE 2

static int
check_words(const struct command *c, char *const *words, struct error *err)
{
	int n = 0;
	while (words[n])
		n++;
	if (n >= c->words_least && n <= c->words_most)
		return 0;
	return error_set(err, "%s: takes %d word%s, not %d", c->name, c->words_most,
	                 c->words_most == 1 ? "" : "s", n);
}

/* The command that the options ask for, if it can be run with them. */
static const struct command *
choose(const struct options *o, struct error *err)
{
	size_t n;
	const struct command *c = o->command ? command_find(o->command) : commands(&n);

	if (!c)
		error_set(err, "\"%.60s\": no such command", o->command);
	else if (check_words(c, o->words, err) == 0 && options_check(o, c->name, err) == 0)
		return c;
	return NULL;
}

static int
usage_error(const struct error *err)
{
	program_say("%s", err->text);
	program_say("try \"%s --help\"", program_name());
	return EXIT_USAGE;
}

static int
run(struct options *options)
{
	struct error err = { 0 };
	const struct command *command = choose(options, &err);

	if (!command)
		return usage_error(&err);
	int status = -1;
	if (chdir(options->folder) < 0)
		error_set(&err, "%s: %s", options->folder, strerror(errno));
	else
		status = command->run(options, &err);
	if (status >= 0)
		return status;
	program_say("%s", err.text);
	return 1;
}

int
main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct options options;
	int status = 0;

	if (options_parse(&options, argc, argv, &arena, &err) < 0)
		status = usage_error(&err);
	else if (options.help)
		help_print(options.command ? command_find(options.command) : NULL);
	else if (options.version)
		puts("stampmill " GEN_VERSION);
	else if (options.list)
		help_list();
	else
		status = run(&options);
	arena_dispose(&arena);
	return status;
}
