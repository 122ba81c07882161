#include "cmd/option_value.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/str.h"
#include "cmd/option_table.h"
#include "cmd/options.h"

#define TIMEOUT_MOST (24L * 3600)

static int
parse_seconds(long *out, const char *text)
{
	char *end;
	errno = 0;
	long n = strtol(text, &end, 10);
	if (errno || !*text || *end || n < 1 || n > TIMEOUT_MOST)
		return -1;
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
not_a_choice(const struct option_row *row, const char *value, struct error *err)
{
	struct str list = { 0 };
	option_words_join(&list, row->values, "nor");
	error_set(err, "--%s: \"%.40s\": neither %s", row->name, value, str_text(&list));
	str_dispose(&list);
	return -1;
}

int
option_set(struct options *o, const struct option_row *row, const char *value, struct arena *a,
           struct error *err)
{
	void *at = (char *)o + row->offset;

	if (row->kind == OPTION_SWITCH) {
		*(bool *)at = true;
		return 0;
	}
	if (row->kind == OPTION_SECONDS)
		return parse_seconds(at, value) == 0 ? 0 :
		       error_set(err, "--%s: \"%.40s\": not a number of seconds from 1 to %ld", row->name,
		                 value, TIMEOUT_MOST);
	if (row->kind == OPTION_CHOICE && !option_words_have(row->values, value))
		return not_a_choice(row, value, err);
	if (row->kind == OPTION_HOST && !image_ref_registry_valid(value))
		return error_set(err, "--%s: \"%.100s\": not a host or host:port", row->name, value);
	*(const char **)at = row->flags & OPTION_ABSOLUTE ? absolute(value, a) : value;
	return 0;
}

void
option_add_line(struct str *out, const struct options *o, const struct option_row *row)
{
	const void *at = (const char *)o + row->offset;

	if (row->kind == OPTION_SWITCH) {
		if (*(const bool *)at)
			str_addf(out, "%s=\n", row->name);
	} else if (row->kind == OPTION_SECONDS) {
		if (*(const long *)at)
			str_addf(out, "%s=%ld\n", row->name, *(const long *)at);
	} else if (*(const char *const *)at) {
		str_addf(out, "%s=%s\n", row->name, *(const char *const *)at);
	}
}
