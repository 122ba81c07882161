/* step - run one command of one edge, for ninja.
 *
 * ninja runs it for every edge: it links neither libgit2 nor libcurl, whose loading
 * takes longer than all else it does at its start.
 */
#include <ctype.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "step/step_run.h"

static const char usage[] =
	"usage: step STEP TARGET [-i DIGEST] -- COMMAND [ARGUMENT...]\n"
	"       step held TARGET\n"
	"\n"
	"Run COMMAND, which does step STEP of TARGET, in the current folder, the fleet's.  step\n"
	"holds a lock, keeps a deadline, writes a log, and runs COMMAND again if the cause of a\n"
	"failure allows it.  After success it writes out/stamps/TARGET.STEP.\n"
	"\n"
	"  -i, --input DIGEST   write this digest of the image's inputs into the stamp\n"
	"  -h, --help           print this help\n"
	"      --version        print the version\n"
	"\n"
	"step held TARGET prints why TARGET is held, and fails.\n";

static int
bad_usage(const char *what, const char *value)
{
	fprintf(stderr, "step: \"%s\": %s\n%s", value, what, usage);
	return 2;
}

/* Targets are parts of file names. */
static bool
is_name(const char *text)
{
	if (!isalnum((unsigned char)text[0]) || strlen(text) > 128)
		return false;
	for (const char *p = text; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr("-_.", *p))
			return false;
	return true;
}

static int
run(int argc, char **argv, const char *input)
{
	if (argc - optind < 2) {
		fprintf(stderr, "step: a step and a target are missing\n%s", usage);
		return 2;
	}
	const char *step = argv[optind];
	bool held = strcmp(step, "held") == 0;
	struct step_request request = {
		.target = argv[optind + 1],
		.input = input,
		.command = argv + optind + 2,
	};
	if (!held && !step_parse(&request.step, step))
		return bad_usage("not the name of a step", step);
	if (!is_name(request.target))
		return bad_usage("not a target", request.target);
	if (held)
		return step_held(request.target);

	/* getopt stopped at STEP: after TARGET comes an option or "--". */
	if (request.command[0] && strcmp(request.command[0], "-i") == 0 && request.command[1]) {
		request.input = request.command[1];
		request.command += 2;
	}
	if (!request.command[0] || strcmp(request.command[0], "--") != 0)
		return bad_usage("-- and a command are missing after it", request.target);
	request.command++;
	if (!request.command[0])
		return bad_usage("no command after --", request.target);
	return step_run(&request);
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "input", required_argument, NULL, 'i' },
		{ "version", no_argument, NULL, 'V' },
		{ 0 },
	};
	const char *input = "";
	int c;
	while ((c = getopt_long(argc, argv, "+hi:", options, NULL)) != -1) {
		switch (c) {
		case 'h':
			fputs(usage, stdout);
			return 0;
		case 'V':
			puts("step (stampmill) " GEN_VERSION);
			return 0;
		case 'i':
			input = optarg;
			break;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	return run(argc, argv, input);
}
