#include "cmd/commands.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/error.h"
#include "base/program.h"
#include "base/str.h"
#include "base/utc.h"
#include "cmd/options.h"
#include "fleet/target.h"
#include "os/append.h"
#include "os/clock.h"
#include "os/file.h"
#include "record/ledger.h"

#define LEDGER "out/failures.jsonl"

/* The digits of a target, with or without its prefix; they end up in a file's name. */
static int
read_digits(char out[COMMIT_ID_HEX + 1], const char *target, struct error *err)
{
	const char *digits = target_digits(target);

	if (commit_id_parse_prefix(out, digits ? digits : target, NULL) < 0)
		return error_set(err, "forget: \"%.60s\": not a target, as baseline-9bde5ba12709", target);
	if (strlen(out) > COMMIT_ID_SHORT)
		out[COMMIT_ID_SHORT] = '\0';
	return 0;
}

/* The one target with failures that starts so; NULL and err set if there is none, or several. */
static const char *
find_target(const struct ledger *l, const char *digits, struct error *err)
{
	const char *found = NULL;

	for (size_t i = 0; i < l->n; i++) {
		const char *target = l->failures[i].target, *own = target_digits(target);
		if (!own || !target_has_prefix(own, digits))
			continue;
		if (found && strcmp(found, target) != 0) {
			error_set(err, "forget: \"%s\": both %s and %s begin with it", digits, found, target);
			return NULL;
		}
		found = target;
	}
	if (!found)
		error_set(err, "forget: \"%s\": " LEDGER " holds no failure of such a target; to "
		               "clear one that the fleet file names, remove it there", digits);
	return found;
}

static int
forget(const char *target, struct arena *a, struct error *err)
{
	char digits[COMMIT_ID_HEX + 1], time[UTC_SIZE];
	const char *text = "";
	size_t len = 0;
	struct ledger ledger;
	struct str line = { 0 };

	if (read_digits(digits, target, err) < 0 ||
	    file_read_if_there(&text, &len, LEDGER, 0, a, err) < 0)
		return -1;
	ledger_read(&ledger, text, len, a);
	const char *whole = find_target(&ledger, digits, err);
	if (!whole)
		return -1;

	utc_text(time, clock_epoch_s());
	ledger_add_cleared(&line, time, whole, STEPS, "forgotten");
	int ret = append_lines(LEDGER, line.data, line.len, err);
	str_dispose(&line);
	if (ret < 0)
		return -1;
	unlink(arena_printf(a, "out/native/%s", whole));
	printf("cleared the failures of %s: run %s, then ninja %s\n", whole, program_name(), whole);
	return 0;
}

/* Clears what was noted about the compiled objects of its base, too. */
int
cmd_forget(struct options *options, struct error *err)
{
	struct arena arena = { 0 };
	int ret = forget(options->words[0], &arena, err);

	arena_dispose(&arena);
	return ret;
}
