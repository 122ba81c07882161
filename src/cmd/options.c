#include "cmd/options.h"

#include <getopt.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/option_value.h"
#include "fleet/fleet.h"
#include "os/file.h"
#include "record/native_way.h"

#define SAVED "out/options"
#define LONG_BASE 256		/* getopt_long returns this plus the row, or a letter */

const char *
options_registry(const struct options *o, const struct fleet *fleet)
{
	return o->registry ? o->registry : fleet->registry;
}

bool
options_compile_all(const struct options *o)
{
	bool compile = false;
	if (o->native)
		native_wish_parse(&compile, o->native);
	return compile;
}

/* ---- the command line ---- */

/* The table in the form that getopt_long reads. */
struct syntax {
	struct option *longs;
	char letters[128];
};

static void
make_syntax(struct syntax *out, const struct option_row *rows, size_t n, struct arena *a)
{
	char *letter = out->letters;

	out->longs = arena_array(a, n + 1, sizeof(*out->longs));
	*letter++ = ':';	/* a missing value is told from an unknown option */
	for (size_t i = 0; i < n; i++) {
		int with = rows[i].kind == OPTION_SWITCH ? no_argument : required_argument;
		out->longs[i] = (struct option){ rows[i].name, with, NULL, LONG_BASE + (int)i };
		if (rows[i].letter)
			*letter++ = rows[i].letter;
		if (rows[i].letter && with == required_argument)
			*letter++ = ':';
	}
	out->longs[n] = (struct option){ 0 };
	*letter = '\0';
}

static size_t
find_row(int option, const struct option_row *rows)
{
	size_t i = 0;
	if (option >= LONG_BASE)
		return (size_t)(option - LONG_BASE);
	while (rows[i].letter != option)
		i++;
	return i;
}

/* getopt_long prints its own words to stderr; ours say the same in our voice. */
static int
option_error(int option, char **argv, struct error *err)
{
	const char *word = argv[optind - 1];
	if (option == ':')
		return error_set(err, "%.100s: needs a value", word);
	if (optopt && optopt < LONG_BASE && word[1] != '-')
		return error_set(err, "-%c: unknown option", optopt);
	return error_set(err, "%.100s: unknown option, or one that takes no value", word);
}

int
options_parse(struct options *out, int argc, char **argv, struct arena *a, struct error *err)
{
	struct syntax syntax = { 0 };
	size_t n;
	const struct option_row *rows = option_rows(&n);
	int option;

	*out = (struct options){ .folder = ".", .fleet_file = "fleet.json" };
	make_syntax(&syntax, rows, n, a);
	opterr = 0;
	while ((option = getopt_long(argc, argv, syntax.letters, syntax.longs, NULL)) != -1) {
		if (option == ':' || option == '?')
			return option_error(option, argv, err);
		size_t row = find_row(option, rows);
		if (option_set(out, &rows[row], optarg, a, err) < 0)
			return -1;
		out->given |= 1UL << row;
	}
	out->command = argv[optind];
	out->words = argv + optind + (optind < argc);
	return 0;
}

static int
not_of_command(const struct option_row *row, const char *command, struct error *err)
{
	struct str known = { 0 };
	option_words_join(&known, row->commands, "and");
	error_set(err, "--%s: an option of %s %s, not of %s %s", row->name, program_name(),
	          str_text(&known), program_name(), command);
	str_dispose(&known);
	return -1;
}

static int
too_many_forms(const char *command, const struct option_row *rows, size_t n, struct error *err)
{
	struct str forms = { 0 };
	for (size_t i = 0; i < n; i++)
		if (rows[i].flags & OPTION_FORM)
			str_addf(&forms, "%s--%s", forms.len ? ", " : "", rows[i].name);
	error_set(err, "%s: %s: use only one of them", command, str_text(&forms));
	str_dispose(&forms);
	return -1;
}

int
options_check(const struct options *o, const char *command, struct error *err)
{
	size_t n, forms = 0;
	const struct option_row *rows = option_rows(&n);

	for (size_t i = 0; i < n; i++) {
		if (!(o->given & 1UL << i))
			continue;
		/* One alias, say "gen --engine buildah", serves all commands. */
		if (!(rows[i].flags & OPTION_SAVED) && !option_is_of(&rows[i], command))
			return not_of_command(&rows[i], command, err);
		forms += (rows[i].flags & OPTION_FORM) != 0;
	}
	return forms > 1 ? too_many_forms(command, rows, n, err) : 0;
}

/* ---- those of the last run ---- */

int
options_save(const struct options *o, enum engine engine, struct error *err)
{
	struct options saved = *o;
	struct str text = { 0 };
	size_t n;
	const struct option_row *rows = option_rows(&n);

	saved.engine = engine_name(engine);
	for (size_t i = 0; i < n; i++)
		if (rows[i].flags & OPTION_SAVED)
			option_add_line(&text, &saved, &rows[i]);
	int ret = file_replace(SAVED, text.data, text.len, err) < 0 ? -1 : 0;
	str_dispose(&text);
	return ret;
}

static int
load_line(struct options *o, char *line, struct arena *a, struct error *err)
{
	size_t n;
	const struct option_row *rows = option_rows(&n);
	char *value = strchr(line, '=');

	if (!value)
		return error_set(err, SAVED ": \"%.60s\": not name=value; run %s with its options", line,
		                 program_name());
	*value++ = '\0';
	for (size_t i = 0; i < n; i++) {
		if (!(rows[i].flags & OPTION_SAVED) || o->given & 1UL << i || strcmp(line, rows[i].name) != 0)
			continue;
		if (option_set(o, &rows[i], value, a, err) < 0)
			return error_prefix(err, SAVED);
	}
	return 0;
}

int
options_load(struct options *o, struct arena *a, struct error *err)
{
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, SAVED, 0, a, err);
	if (there == 0)
		error_set(err, SAVED ": not there: run %s first, with its options", program_name());
	if (there <= 0)
		return -1;
	char *copy = arena_copy(a, text, len), *rest = NULL;
	for (char *line = strtok_r(copy, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (load_line(o, line, a, err) < 0)
			return -1;
	return 0;
}

int
options_load_if_any(struct options *o, struct arena *a, struct error *err)
{
	return file_exists(SAVED) ? options_load(o, a, err) : 0;
}
