/* gen.c - the generator: options, then one command.  */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "cmd/cmd_check.h"
#include "cmd/cmd_classify.h"
#include "cmd/cmd_diff.h"
#include "cmd/cmd_digest.h"
#include "cmd/cmd_explain.h"
#include "cmd/cmd_forget.h"
#include "cmd/cmd_generate.h"
#include "cmd/cmd_graph.h"
#include "cmd/cmd_prune.h"
#include "cmd/cmd_status.h"
#include "cmd/help.h"
#include "cmd/options.h"

#define EXIT_USAGE 2

static int
usage_error(const char *reason)
{
	fprintf(stderr, "gen: %s\ngen: try gen --help\n", reason);
	return EXIT_USAGE;
}

/* A command: its name, how many words follow it, and what it does. */
struct command {
	const char *name;
	int words_least, words_most;
	int (*run)(struct options *options, int n_words, char **words);
};

static int
run_generate(struct options *options, int n_words, char **words)
{
	(void)n_words;
	(void)words;
	return cmd_generate(options);
}

static int
run_digest(struct options *options, int n_words, char **words)
{
	(void)n_words;
	return cmd_image_digest(options, words[0]);
}

static int
run_status(struct options *options, int n_words, char **words)
{
	(void)n_words;
	(void)words;
	return cmd_status(options);
}

static int
run_check(struct options *options, int n_words, char **words)
{
	(void)n_words;
	(void)words;
	return cmd_check(options);
}

static int
run_classify(struct options *options, int n_words, char **words)
{
	(void)options;
	return cmd_classify(n_words, words);
}

static int
run_diff(struct options *options, int n_words, char **words)
{
	(void)n_words;
	(void)words;
	return cmd_diff(options);
}

static int
run_explain(struct options *options, int n_words, char **words)
{
	(void)n_words;
	return cmd_explain(options, words[0]);
}

static int
run_graph(struct options *options, int n_words, char **words)
{
	(void)n_words;
	return cmd_graph(options, words[0]);
}

static int
run_forget(struct options *options, int n_words, char **words)
{
	(void)options;
	(void)n_words;
	return cmd_forget(words[0]);
}

static int
run_prune(struct options *options, int n_words, char **words)
{
	(void)n_words;
	(void)words;
	return cmd_prune(options);
}

static const struct command commands[] = {
	{ "generate", 0, 0, run_generate },	/* the default */
	{ "check", 0, 0, run_check },
	{ "classify", 0, INT_MAX, run_classify },
	{ "digest", 1, 1, run_digest },
	{ "forget", 1, 1, run_forget },
	{ "prune", 0, 0, run_prune },
	{ "status", 0, 0, run_status },
	{ "diff", 0, 0, run_diff },
	{ "explain", 1, 1, run_explain },
	{ "graph", 1, 1, run_graph },
};

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(*commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int
run(struct options *options, int argc, char **argv)
{
	const struct command *command = argc > 0 ? find_command(argv[0]) : &commands[0];
	struct error err = { 0 };

	if (!command)
		error_set(&err, "\"%.60s\": no such command", argv[0]);
	else if (argc > 0 && (argc - 1 < command->words_least || argc - 1 > command->words_most))
		error_set(&err, "%s: takes %d word%s, not %d", command->name, command->words_most,
		          command->words_most == 1 ? "" : "s", argc - 1);
	else
		options_check(options, command->name, &err);
	if (*err.text)
		return usage_error(err.text);
	if (chdir(options->folder) < 0) {
		fprintf(stderr, "gen: %s: %s\n", options->folder, strerror(errno));
		return 1;
	}
	return command->run(options, argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
	struct arena arena = { 0 };
	struct error err = { 0 };
	struct options options;
	int rest, status;

	if (options_parse(&options, argc, argv, &rest, &arena, &err) < 0) {
		status = usage_error(err.text);
	} else if (options.help) {
		if (rest == argc || !help_print(argv[rest]))
			options_print_help();
		status = 0;
	} else if (options.version) {
		puts("stampmill " GEN_VERSION);
		status = 0;
	} else {
		status = run(&options, argc - rest, argv + rest);
	}
	arena_dispose(&arena);
	return status;
}
