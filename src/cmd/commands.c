#include "cmd/commands.h"

#include <limits.h>
#include <string.h>

#define IMAGE \
	"\n" \
	"IMAGE is a target (baseline-... or human-...), or the first digits of a parent or human\n" \
	"commit in the mappings.\n"

static const struct command table[] = {
	{ "generate", cmd_generate, 0, 0, "", "plan the fleet, and write build.ninja (the default)",
	  "Read the fleet file and the mappings, and ask git and the registry what exists.  Decide for\n"
	  "each image whether to build, skip or hold it.  Write build.ninja and out/plan.json.\n", NULL },
	{ "check", cmd_check, 0, 0, "", "ask the registry which images it has",
	  "Ask the registry for every tag that the mappings name, and for the right to push.  Keep its\n"
	  "answers for --offline, and print them.\n"
	  "\n"
	  "With --dry-run it keeps no answers and starts no upload.  With --no-push it does not ask\n"
	  "for the right to push.\n", NULL },
	{ "status", cmd_status, 0, 0, "", "show how far the fleet is",
	  "Show which state each parent commit is in: present, built now, verified, running, failed,\n"
	  "held, to build or unknown.  It reads only files, and asks neither git nor the registry.\n"
	  "\n"
	  "It prints a table, or one of the other forms below; docs/status.md describes the JSON.  The\n"
	  "steps of a build run it with --files after each image.  The exit status is 1 if an entry\n"
	  "fits into no state.\n"
	  "\n"
	  "environment: NO_COLOR turns colours off; SOURCE_DATE_EPOCH is the time to use for now\n", NULL },
	{ "explain", cmd_explain, 1, 1, "IMAGE", "show all that is known about one image",
	  "Print where one image comes from, what the registry said and when, what was decided and why,\n"
	  "what it is made of and what has changed since it was built, its attempts, why it failed, and\n"
	  "the commands that build it.\n" IMAGE, NULL },
	{ "diff", cmd_diff, 0, 0, "", "show what a new plan would change",
	  "Plan as the last run did, but write nothing.  Print the differences from out/plan.json:\n"
	  "images that are new or gone, other decisions, and the parts of each image that have changed.\n"
	  "Options that you give replace those of the last run.\n"
	  "\n"
	  "The exit status is 0 even if there are differences.\n", NULL },
	{ "graph", cmd_graph, 1, 1, "IMAGE", "draw what goes into one image, and how far it is",
	  "Print a picture that shows what goes into one image, and which steps are done.\n" IMAGE,
	  "graph --format=svg baseline-9bde5ba12709 >image.svg" },
	{ "classify", cmd_classify, 0, INT_MAX, "[LOG...]", "find out from logs why builds failed",
	  "Print one line for each build log: the file, the class of the failure, the number of the line\n"
	  "that shows it, and this line, separated by tabs.  Without a LOG, or for -, it reads standard\n"
	  "input.\n",
	  NULL },
	{ "digest", cmd_digest, 1, 1, "REFERENCE", "ask the registry for one image, and print its digest",
	  "Ask the registry for the image REFERENCE, which is HOST/REPOSITORY:TAG.  Print \"present\" and\n"
	  "its digest, \"absent\", or \"unknown\" and the reason, separated by a tab.  The exit status is\n"
	  "1 if it is unknown.\n"
	  "\n"
	  "For --image-id it reads the manifest, which some registries count as a pull.\n", NULL },
	{ "forget", cmd_forget, 1, 1, "TARGET", "clear the failures of one image, to try it again",
	  "Clear the recorded failures of TARGET, a target or its first digits.  The next plan builds it\n"
	  "again, although nothing has changed.\n", NULL },
	{ "prune", cmd_prune, 0, 0, "", "free disk space: old logs, exported sources, pushed images",
	  "List, then remove: exported sources and build contexts of verified images, logs of attempts\n"
	  "that a later attempt followed, and local images that the registry has.  With --dry-run, only\n"
	  "list them.\n", NULL },
};

const struct command *
commands(size_t *n)
{
	*n = sizeof(table) / sizeof(*table);
	return table;
}

const struct command *
command_find(const char *name)
{
	for (size_t i = 0; i < sizeof(table) / sizeof(*table); i++)
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	return NULL;
}
