#include "cmd/option_table.h"

#include <string.h>

#include "base/str.h"
#include "cmd/options.h"

#define AT(member) offsetof(struct options, member)
#define PLANS "generate diff"
#define ASKS "generate check diff"

static const struct option_row rows[] = {
	{ "directory", 'C', OPTION_FOLDER, AT(folder), NULL, 0, "FOLDER", NULL,
	  "work in this folder, the fleet's (default: the current folder)" },
	{ "fleet", 'f', OPTION_FILE, AT(fleet_file), ASKS " status explain graph digest",
	  OPTION_SAVED, "FILE", NULL,
	  "read this fleet file (default: fleet.json, or the last run's)" },
	{ "repo", 0, OPTION_FOLDER, AT(repo), ASKS, OPTION_SAVED | OPTION_ABSOLUTE, "FOLDER", NULL,
	  "use this clone of the source" },
	{ "registry", 0, OPTION_HOST, AT(registry), ASKS " digest", OPTION_SAVED, "HOST[:PORT]", NULL,
	  "ask this registry, a mirror or stand-in, instead of the fleet's" },
	{ "registry-timeout", 0, OPTION_SECONDS, AT(registry_timeout_s), ASKS " digest prune",
	  OPTION_SAVED, "SECONDS", NULL,
	  "give up on the registry after this time (default: 120)" },
	{ "engine", 0, OPTION_CHOICE, AT(engine), PLANS, OPTION_SAVED, "NAME", "docker buildah",
	  "build with docker or buildah (default: the first that works)" },
	{ "native", 0, OPTION_CHOICE, AT(native), PLANS, OPTION_SAVED, "MODE", "auto compile",
	  "reuse compiled objects (auto, the default) or none (compile)" },
	{ "no-push", 0, OPTION_SWITCH, AT(no_push), ASKS, OPTION_SAVED, NULL, NULL,
	  "build and verify images, but do not push them" },
	{ "offline", 0, OPTION_SWITCH, AT(offline), ASKS, OPTION_SAVED, NULL, NULL,
	  "ask no registry: use its last answers, and say how old they are" },
	{ "dry-run", 'n', OPTION_SWITCH, AT(dry_run), ASKS " prune", 0, NULL, NULL,
	  "print the result, but write and remove nothing" },
	{ "json", 0, OPTION_SWITCH, AT(json), ASKS " status explain", OPTION_FORM, NULL, NULL,
	  "print JSON" },
	{ "md", 0, OPTION_SWITCH, AT(md), "status", OPTION_FORM, NULL, NULL,
	  "print a Markdown page" },
	{ "html", 0, OPTION_SWITCH, AT(html), "status", OPTION_FORM, NULL, NULL,
	  "print an HTML page that needs no network" },
	{ "files", 0, OPTION_SWITCH, AT(files), "status", OPTION_FORM, NULL, NULL,
	  "write out/status.json, out/status.md and out/status.html" },
	{ "watch", 0, OPTION_SWITCH, AT(watch), "status", OPTION_FORM, NULL, NULL,
	  "show the status again and again, until ^C" },
	{ "format", 0, OPTION_CHOICE, AT(format), "graph", 0, "FORMAT", "dot svg",
	  "draw it as dot, for graphviz (the default), or as svg" },
	{ "image-id", 0, OPTION_SWITCH, AT(image_id), "digest", 0, NULL, NULL,
	  "also print the id that engines give the image" },
	{ "regenerate", 0, OPTION_SWITCH, AT(regenerate), "generate", OPTION_HIDDEN, NULL, NULL,
	  "use the options of the last run; ninja(1) does when an input has changed" },
	{ "list", 0, OPTION_SWITCH, AT(list), NULL, OPTION_HIDDEN, NULL, NULL,
	  "list all commands and options, for programs" },
	{ "help", 'h', OPTION_SWITCH, AT(help), NULL, 0, NULL, NULL,
	  "print this help, or, after a command, the help for it" },
	{ "version", 0, OPTION_SWITCH, AT(version), NULL, 0, NULL, NULL,
	  "print the version" },
};

_Static_assert(sizeof(rows) / sizeof(*rows) <= 8 * sizeof(((struct options *)0)->given),
               "a bit of struct options for each row");

const struct option_row *
option_rows(size_t *n)
{
	*n = sizeof(rows) / sizeof(*rows);
	return rows;
}

/* The next word of a list, and its length; 0 at the end. */
static size_t
next_word(const char **words)
{
	*words += strspn(*words, " ");
	return strcspn(*words, " ");
}

bool
option_words_have(const char *words, const char *word)
{
	for (size_t len; (len = next_word(&words)); words += len)
		if (strlen(word) == len && memcmp(words, word, len) == 0)
			return true;
	return false;
}

void
option_words_join(struct str *out, const char *words, const char *last)
{
	const char *first = words;
	for (size_t len; (len = next_word(&words)); words += len) {
		if (words > first)
			strchr(words, ' ') ? str_adds(out, ", ") : str_addf(out, " %s ", last);
		str_add_bytes(out, words, len);
	}
}

bool
option_is_of(const struct option_row *row, const char *command)
{
	return !row->commands || option_words_have(row->commands, command);
}
