#include "cmd/options.h"

#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/str.h"
#include "fleet/fleet.h"
#include "os/engine_kind.h"
#include "os/file.h"
#include "record/native_way.h"

#define SAVED "out/options"
#define TIMEOUT_MOST (24L * 3600)

enum {
	OPT_REPO = 256,
	OPT_REGISTRY,
	OPT_ENGINE,
	OPT_NATIVE,
	OPT_NO_PUSH,
	OPT_OFFLINE,
	OPT_JSON,
	OPT_MD,
	OPT_HTML,
	OPT_FILES,
	OPT_WATCH,
	OPT_FORMAT,
	OPT_IMAGE_ID,
	OPT_REGENERATE,
	OPT_REGISTRY_TIMEOUT,
	OPT_VERSION,
};

static const struct option table[] = {
	{ "repo", required_argument, NULL, OPT_REPO },
	{ "registry", required_argument, NULL, OPT_REGISTRY },
	{ "engine", required_argument, NULL, OPT_ENGINE },
	{ "native", required_argument, NULL, OPT_NATIVE },
	{ "no-push", no_argument, NULL, OPT_NO_PUSH },
	{ "offline", no_argument, NULL, OPT_OFFLINE },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "json", no_argument, NULL, OPT_JSON },
	{ "md", no_argument, NULL, OPT_MD },
	{ "html", no_argument, NULL, OPT_HTML },
	{ "files", no_argument, NULL, OPT_FILES },
	{ "watch", no_argument, NULL, OPT_WATCH },
	{ "image-id", no_argument, NULL, OPT_IMAGE_ID },
	{ "format", required_argument, NULL, OPT_FORMAT },
	{ "regenerate", no_argument, NULL, OPT_REGENERATE },
	{ "registry-timeout", required_argument, NULL, OPT_REGISTRY_TIMEOUT },
	{ "fleet", required_argument, NULL, 'f' },
	{ "directory", required_argument, NULL, 'C' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, OPT_VERSION },
	{ NULL, 0, NULL, 0 },
};

const char *
options_registry(const struct options *o, const struct fleet *fleet)
{
	return o->registry ? o->registry : fleet->registry;
}

void
options_print_help(void)
{
	fputs("usage: gen [-C DIR] [-f FLEET] [OPTION...] [COMMAND]\n"
	      "\n"
	      "Plan a fleet of baseline images and write build.ninja; ninja builds them.\n"
	      "\n"
	      "commands:\n"
	      "  (none)               ask the registry, plan, write build.ninja\n"
	      "  check                ask the registry again, print what it says of each tag\n"
	      "  prune                remove what can be had again: old logs, sources, pushed images\n"
	      "  status               how far the fleet is: --json, --md, --html, --watch, --files\n"
	      "  classify [LOG...]    say why builds failed, from their logs\n"
	      "  explain IMAGE        all that is known of one image: a target, or digits of a commit\n"
	      "  diff                 what another run of gen would change\n"
	      "  graph IMAGE          what it comes from, and how far it is, as a picture\n"
	      "  digest IMAGE         print the verdict on one image and its digest\n"
	      "  forget TARGET        clear its failures: the next run tries it again\n"
	      "\n"
	      "options:\n"
	      "  -C, --directory DIR  the fleet's folder (default: this one)\n"
	      "  -f, --fleet FILE     the fleet's file in it (default: fleet.json)\n"
	      "      --repo PATH      use this clone of the source\n"
	      "      --registry HOST[:PORT]\n"
	      "                       a mirror or stand-in for the fleet's registry\n"
	      "      --engine NAME    docker or buildah (default: the first that works)\n"
	      "      --native MODE    auto, or compile: reuse no compiled objects\n"
	      "      --no-push        stop when an image is built and verified\n"
	      "      --offline        plan from the registry's last answers\n"
	      "      --registry-timeout SECONDS\n"
	      "                       give the registry up after so long (default: 120)\n"
	      "  -n, --dry-run        write nothing\n"
	      "      --json           print as JSON\n"
	      "      --md, --html     print the status as a page\n"
	      "      --watch          show the status again and again, until ^C\n"
	      "      --files          write the status to out/status.md, .json and .html\n"
	      "      --format FORMAT  of a picture: dot (for graphviz, the default) or svg\n"
	      "      --image-id       print the id too that engines give the image\n"
	      "  -h, --help           print this\n"
	      "      --version        print the version\n"
	      "\n"
	      "gen COMMAND --help says more; so does the manual, stampmill(1).\n"
	      "exit status: 0 done, 1 failed or something is unknown, 2 wrong usage\n", stdout);
}

static int
parse_seconds(long *out, const char *text, struct error *err)
{
	char *end;
	errno = 0;
	long n = strtol(text, &end, 10);
	if (errno || !*text || *end || n < 1 || n > TIMEOUT_MOST)
		return error_set(err, "--registry-timeout: \"%.40s\": not a number of seconds from 1 to %ld",
		                 text, TIMEOUT_MOST);
	*out = n;
	return 0;
}

/* path from the folder that gen was started in, whatever folder it goes to. */
static const char *
absolute(const char *path, struct arena *a)
{
	char *folder = *path == '/' ? NULL : getcwd(NULL, 0);
	const char *whole = folder ? arena_printf(a, "%s/%s", folder, path) : path;
	free(folder);
	return whole;
}

static int
check_registry(const char *text, struct error *err)
{
	if (!image_ref_registry_valid(text))
		return error_set(err, "--registry: \"%.100s\": not a host or host:port", text);
	return 0;
}

static int
check_engine(const char *text, struct error *err)
{
	if (engine_parse(text) == ENGINE_NONE)
		return error_set(err, "--engine: \"%.40s\": not docker or buildah", text);
	return 0;
}

static int
check_format(const char *text, struct error *err)
{
	if (strcmp(text, "dot") != 0 && strcmp(text, "svg") != 0)
		return error_set(err, "--format: \"%.40s\": not dot or svg", text);
	return 0;
}

static int
take_option(struct options *o, int option, struct arena *a, struct error *err)
{
	switch (option) {
	case 'C':
		o->folder = optarg;
		return 0;
	case 'f':
		o->fleet_file = optarg;
		o->fleet_given = true;
		return 0;
	case 'n':
		o->dry_run = true;
		return 0;
	case 'h':
		o->help = true;
		return 0;
	case OPT_VERSION:
		o->version = true;
		return 0;
	case OPT_REPO:
		o->repo = absolute(optarg, a);
		return 0;
	case OPT_REGISTRY:
		o->registry = optarg;
		return check_registry(optarg, err);
	case OPT_ENGINE:
		o->engine = optarg;
		return check_engine(optarg, err);
	case OPT_NATIVE:
		if (!native_wish_parse(&o->compile_all, optarg))
			return error_set(err, "--native: \"%.40s\": neither auto nor compile", optarg);
		return 0;
	case OPT_NO_PUSH:
		o->push = false;
		return 0;
	case OPT_OFFLINE:
		o->offline = true;
		return 0;
	case OPT_JSON:
		o->json = true;
		return 0;
	case OPT_MD:
		o->md = true;
		return 0;
	case OPT_HTML:
		o->html = true;
		return 0;
	case OPT_FILES:
		o->files = true;
		return 0;
	case OPT_WATCH:
		o->watch = true;
		return 0;
	case OPT_IMAGE_ID:
		o->image_id = true;
		return 0;
	case OPT_FORMAT:
		o->format = optarg;
		return check_format(optarg, err);
	case OPT_REGENERATE:
		o->regenerate = true;
		return 0;
	case OPT_REGISTRY_TIMEOUT:
		return parse_seconds(&o->registry_timeout_s, optarg, err);
	default:
		return -1;
	}
}

/* getopt_long prints its own words to stderr; ours say the same in our voice. */
static int
option_error(int option, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];
	if (option == ':')
		return error_set(err, "%.100s: wants a value", word);
	if (optopt && optopt < 256 && word[1] != '-')
		return error_set(err, "-%c: unknown option", optopt);
	return error_set(err, "%.100s: unknown option, or one that takes no value", word);
}

int
options_parse(struct options *out, int argc, char **argv, int *rest, struct arena *a,
              struct error *err)
{
	int option;

	*out = (struct options){ .folder = ".", .fleet_file = "fleet.json", .push = true };
	opterr = 0;
	while ((option = getopt_long(argc, argv, ":C:f:nh", table, NULL)) != -1) {
		if (option == ':' || option == '?')
			return option_error(option, argv, err);
		if (take_option(out, option, a, err) < 0)
			return -1;
	}
	*rest = optind;
	return 0;
}

/* Is an option that was given one that command knows? */
static int
check_command(bool given, const char *option, const char *command, const char *known,
              struct error *err)
{
	if (!given || strcmp(command, known) == 0)
		return 0;
	return error_set(err, "%s: an option of gen %s, not of gen %s", option, known, command);
}

int
options_check(const struct options *o, const char *command, struct error *err)
{
	if (check_command(o->md, "--md", command, "status", err) < 0 ||
	    check_command(o->html, "--html", command, "status", err) < 0 ||
	    check_command(o->files, "--files", command, "status", err) < 0 ||
	    check_command(o->watch, "--watch", command, "status", err) < 0 ||
	    check_command(o->image_id, "--image-id", command, "digest", err) < 0 ||
	    check_command(o->format, "--format", command, "graph", err) < 0)
		return -1;
	if (strcmp(command, "status") == 0 && o->json + o->md + o->html + o->files + o->watch > 1)
		return error_set(err, "status: --json, --md, --html, --files, --watch: one of them only");
	return 0;
}

int
options_save(const struct options *o, enum engine engine, struct error *err)
{
	struct str text = { 0 };

	str_addf(&text, "fleet=%s\nengine=%s\n", o->fleet_file, engine_name(engine));
	if (o->repo)
		str_addf(&text, "repo=%s\n", o->repo);
	if (o->registry)
		str_addf(&text, "registry=%s\n", o->registry);
	if (o->compile_all)
		str_adds(&text, "native=compile\n");
	if (!o->push)
		str_adds(&text, "no-push=\n");
	if (o->offline)
		str_adds(&text, "offline=\n");
	if (o->registry_timeout_s)
		str_addf(&text, "registry-timeout=%ld\n", o->registry_timeout_s);
	int ret = file_replace(SAVED, text.data, text.len, err) < 0 ? -1 : 0;
	str_dispose(&text);
	return ret;
}

static int
load_line(struct options *o, char *line, struct error *err)
{
	char *value = strchr(line, '=');
	if (!value)
		return error_set(err, SAVED ": \"%.60s\": not name=value; run gen with its options", line);
	*value++ = '\0';
	if (strcmp(line, "fleet") == 0)
		o->fleet_file = value;
	else if (strcmp(line, "engine") == 0)
		o->engine = value;
	else if (strcmp(line, "repo") == 0)
		o->repo = value;
	else if (strcmp(line, "registry") == 0)
		o->registry = value;
	else if (strcmp(line, "native") == 0)
		o->compile_all = true;
	else if (strcmp(line, "no-push") == 0)
		o->push = false;
	else if (strcmp(line, "offline") == 0)
		o->offline = true;
	else if (strcmp(line, "registry-timeout") == 0)
		return parse_seconds(&o->registry_timeout_s, value, err);
	return 0;
}

int
options_load(struct options *o, struct arena *a, struct error *err)
{
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, SAVED, 0, a, err);
	if (there == 0)
		error_set(err, "--regenerate: no earlier run in this folder: run gen with its options");
	if (there <= 0)
		return -1;
	char *copy = arena_copy(a, text, len), *rest = NULL;
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (load_line(o, line, err) < 0)
			return -1;
	return 0;
}

int
options_take_last(struct options *o, struct arena *a, struct error *err)
{
	struct options saved = *o;

	if (!file_exists(SAVED))
		return 0;
	if (options_load(&saved, a, err) < 0)
		return -1;
	if (!o->fleet_given)
		o->fleet_file = saved.fleet_file;
	o->push = saved.push;
	return 0;
}

int
options_load_under(struct options *o, struct arena *a, struct error *err)
{
	const struct options given = *o;

	if (options_load(o, a, err) < 0)
		return -1;
	if (given.fleet_given)
		o->fleet_file = given.fleet_file;
	if (given.repo)
		o->repo = given.repo;
	if (given.registry)
		o->registry = given.registry;
	if (given.engine)
		o->engine = given.engine;
	if (given.registry_timeout_s)
		o->registry_timeout_s = given.registry_timeout_s;
	return 0;
}
