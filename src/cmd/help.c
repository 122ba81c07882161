#include "cmd/help.h"

#include <stdio.h>
#include <string.h>

/* Options that say which fleet. */
#define FLEET \
	"  -C, --directory DIR  the fleet's folder (default: this one)\n" \
	"  -f, --fleet FILE     the fleet's file in it (default: fleet.json)\n"

#define LAST_FLEET \
	"  -C, --directory DIR  the fleet's folder (default: this one)\n" \
	"  -f, --fleet FILE     the fleet's file in it (default: that of the last run)\n"

/* Those that a run of gen remembers. */
#define HOW \
	"      --repo PATH      use this clone of the source\n" \
	"      --registry HOST[:PORT]\n" \
	"                       a mirror or stand-in for the fleet's registry\n" \
	"      --offline        take the registry's last answers\n" \
	"      --registry-timeout SECONDS\n" \
	"                       give the registry up after so long (default: 120)\n"

#define IMAGE \
	"\n" \
	"IMAGE is a target (baseline-..., human-...), or the first digits of a parent or human\n" \
	"commit in the mappings.\n"

static const struct { const char *command, *text; } pages[] = {
	{ "generate",
	  "usage: gen [generate] [OPTION...]\n"
	  "\n"
	  "Read fleet.json and the mappings, ask git and the registry, decide for each image\n"
	  "whether it is built, skipped or held, and write build.ninja and out/plan.json.\n"
	  "\n"
	  FLEET HOW
	  "      --engine NAME    docker or buildah (default: the first that works)\n"
	  "      --native MODE    auto, or compile: reuse no compiled objects\n"
	  "      --no-push        stop when an image is built and verified\n"
	  "  -n, --dry-run        write nothing\n"
	  "      --json           print the plan as JSON\n"
	  "\n"
	  "exit status: 0 done, 1 failed or a verdict is unknown, 2 wrong usage\n" },
	{ "check",
	  "usage: gen check [OPTION...]\n"
	  "\n"
	  "Ask the registry for every tag that the mappings name, and for the right to push; keep\n"
	  "its answers and print them.\n"
	  "\n"
	  FLEET HOW
	  "  -n, --dry-run        keep no answers, begin no upload\n"
	  "      --no-push        do not ask for the right to push\n"
	  "      --json           print as JSON\n"
	  "\n"
	  "exit status: 0 all is known, 1 something is unknown, 2 wrong usage\n" },
	{ "status",
	  "usage: gen status [--json | --md | --html | --files | --watch] [OPTION...]\n"
	  "\n"
	  "Show how far the fleet is: each parent commit is present, built now, verified, running,\n"
	  "failed, held, to build or unknown.  Neither the clone nor the registry is asked.\n"
	  "\n"
	  "      --json           as JSON (docs/status.md describes it)\n"
	  "      --md             as a page of Markdown\n"
	  "      --html           as a page for a browser, which needs no network\n"
	  "      --files          into out/status.json, out/status.md and out/status.html; the steps\n"
	  "                       of a build do this at the end of each image\n"
	  "      --watch          on the terminal, again and again, until ^C\n"
	  LAST_FLEET
	  "\n"
	  "environment: NO_COLOR: no colours; SOURCE_DATE_EPOCH: the time that counts as now\n"
	  "exit status: 0 done, 1 failed or an entry fits nowhere, 2 wrong usage\n" },
	{ "explain",
	  "usage: gen explain IMAGE [--json] [OPTION...]\n"
	  "\n"
	  "Print all that is known of one image: where it comes from, what the registry said and\n"
	  "when, what was decided and why, what it is made of and what changed since it was built,\n"
	  "its attempts, why it failed, and the commands that make it.\n"
	  IMAGE
	  "\n"
	  "      --json           as it stands in gen status --json\n"
	  LAST_FLEET },
	{ "diff",
	  "usage: gen diff [--json] [OPTION...]\n"
	  "\n"
	  "Plan as the last run did, write nothing, and print what is different from out/plan.json:\n"
	  "images that come and go, decisions, and of which parts an image would be made anew.\n"
	  "\n"
	  "      --json           as JSON\n"
	  LAST_FLEET HOW
	  "\n"
	  "exit status: 0 also when something is different, 1 failed, 2 wrong usage\n" },
	{ "graph",
	  "usage: gen graph IMAGE [--format dot|svg] [OPTION...]\n"
	  "\n"
	  "Print what goes into an image and how far it is, as a picture.\n"
	  IMAGE
	  "\n"
	  "      --format FORMAT  dot, for graphviz (the default), or svg\n"
	  LAST_FLEET
	  "\n"
	  "example: gen graph --format=svg baseline-9bde5ba12709 >image.svg\n" },
	{ "classify",
	  "usage: gen classify [LOG...]\n"
	  "\n"
	  "Say of each build log why the build failed, one line each: file, class, line number and\n"
	  "the line, separated by tabs.  - is standard input, which is also read if none is named.\n" },
	{ "digest",
	  "usage: gen digest IMAGE [OPTION...]\n"
	  "\n"
	  "Ask the registry for one image, HOST/REPOSITORY:TAG: print present and its digest,\n"
	  "absent, or unknown and why, separated by a tab.\n"
	  "\n"
	  "      --image-id       print the id too that engines give the image; this reads the\n"
	  "                       manifest, which some registries count as a pull\n"
	  "      --registry-timeout SECONDS\n"
	  "                       give the registry up after so long (default: 120)\n"
	  "\n"
	  "exit status: 0 it is known, 1 it is unknown, 2 wrong usage\n" },
	{ "prune",
	  "usage: gen prune [--dry-run] [OPTION...]\n"
	  "\n"
	  "Say what can be had again, then remove it: exported sources and contexts of images that\n"
	  "are verified, logs of attempts that others followed, local images that the registry has.\n"
	  "\n"
	  "  -n, --dry-run        only say it\n"
	  LAST_FLEET },
	{ "forget",
	  "usage: gen forget TARGET\n"
	  "\n"
	  "Clear what is recorded of the failures of TARGET, a target or its first digits: the next\n"
	  "run of gen plans it again as it is.\n"
	  "\n"
	  "  -C, --directory DIR  the fleet's folder (default: this one)\n" },
};

bool
help_print(const char *command)
{
	for (size_t i = 0; i < sizeof(pages) / sizeof(*pages); i++)
		if (strcmp(pages[i].command, command) == 0) {
			fputs(pages[i].text, stdout);
			return true;
		}
	return false;
}
