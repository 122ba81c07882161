#include "cmd/help.h"

#include <stdio.h>
#include <string.h>

#include "base/program.h"
#include "cmd/commands.h"
#include "cmd/option_table.h"

#define COLUMN 26	/* where the text of a row begins */

/* A row in two columns; a left one that is too wide has a line of its own. */
static void
print_row(const char *left, const char *text)
{
	if (strlen(left) + 2 > COLUMN)
		printf("%s\n%*s%s\n", left, COLUMN, "", text);
	else
		printf("%-*s%s\n", COLUMN, left, text);
}

static void
print_command(const struct command *c)
{
	char left[80];
	snprintf(left, sizeof(left), "  %s%s%s", c->name, *c->words ? " " : "", c->words);
	print_row(left, c->summary);
}

static void
print_option(const struct option_row *row)
{
	char left[80], letter[] = "    ";

	if (row->letter)
		snprintf(letter, sizeof(letter), "-%c, ", row->letter);
	snprintf(left, sizeof(left), "  %s--%s%s%s", letter, row->name, row->argument ? " " : "",
	         row->argument ? row->argument : "");
	print_row(left, row->help);
}

/* Those of one command, or, for NULL, all. */
static void
print_options(const char *command)
{
	size_t n;
	const struct option_row *rows = option_rows(&n);

	puts("\noptions:");
	for (size_t i = 0; i < n; i++)
		if (!(rows[i].flags & OPTION_HIDDEN) && (!command || option_is_of(&rows[i], command)))
			print_option(&rows[i]);
}

static void
print_program(void)
{
	size_t n;
	const struct command *table = commands(&n);

	printf("usage: %s [-C FOLDER] [-f FILE] [OPTION...] [COMMAND]\n\n"
	       "Plan a fleet of baseline images and write build.ninja; ninja builds them.\n\n"
	       "commands:\n", program_name());
	for (size_t i = 0; i < n; i++)
		print_command(&table[i]);
	print_options(NULL);
	printf("\n\"%s COMMAND --help\" says more about a command; so does the manual, stampmill(1).\n",
	       program_name());
}

static void
print_page(const struct command *c)
{
	size_t n;
	const char *by_default = c == commands(&n) ? "[" : "";

	printf("usage: %s %s%s%s [OPTION...]%s%s\n\n%s", program_name(), by_default, c->name,
	       *by_default ? "]" : "", *c->words ? " " : "", c->words, c->text);
	print_options(c->name);
	if (c->example)
		printf("\nexample: %s %s\n", program_name(), c->example);
}

void
help_print(const struct command *command)
{
	if (command)
		print_page(command);
	else
		print_program();
	puts("\nexit status: 0 done, 1 failed or something is unknown, 2 wrong usage");
}

static const char *const kinds[] = {
	[OPTION_SWITCH] = "switch", [OPTION_TEXT] = "text", [OPTION_CHOICE] = "choice",
	[OPTION_FILE] = "file", [OPTION_FOLDER] = "folder", [OPTION_HOST] = "host",
	[OPTION_SECONDS] = "seconds",
};

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

void
help_list(void)
{
	size_t n;
	const struct command *table = commands(&n);
	for (size_t i = 0; i < n; i++)
		printf("command|%s|%s|%s\n", table[i].name, table[i].words, table[i].summary);

	const struct option_row *rows = option_rows(&n);
	for (size_t i = 0; i < n; i++) {
		const struct option_row *r = &rows[i];
		const char letter[] = { r->letter, '\0' };
		printf("option|%s|%s|%s|%s|%s|%s|%s|%s\n", r->name, letter, or_empty(r->argument),
		       kinds[r->kind], or_empty(r->values), or_empty(r->commands),
		       r->flags & OPTION_HIDDEN ? "hidden" : r->flags & OPTION_FORM ? "form" : "", r->help);
	}
}
