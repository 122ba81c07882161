#include "base/utc.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/str.h"

#define LAST_S INT64_C(253402300799)	/* the end of 9999 */
#define FORM "%Y-%m-%dT%H:%M:%SZ"

void
utc_text(char out[UTC_SIZE], int64_t at_s)
{
	struct tm tm = { 0 };
	time_t at = (time_t)(at_s < 0 ? 0 : at_s > LAST_S ? LAST_S : at_s);

	gmtime_r(&at, &tm);
	strftime(out, UTC_SIZE, FORM, &tm);
}

bool
utc_parse(int64_t *at_s, const char *text)
{
	char again[UTC_SIZE];
	struct tm tm = { 0 };

	const char *end = strptime(text, FORM, &tm);
	if (!end || *end)
		return false;
	int64_t at = timegm(&tm);
	utc_text(again, at);
	if (strcmp(again, text) != 0)
		return false;	/* strptime takes blanks, short numbers, 31 February */
	*at_s = at;
	return true;
}

void
utc_add_age(struct str *out, int64_t age_s)
{
	static const struct { int64_t unit_s; const char *name; } rows[] = {
		{ 24 * 3600, "days" },
		{ 3600, "h" },
		{ 60, "min" },
	};
	if (age_s < 0)
		age_s = 0;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (age_s >= 2 * rows[i].unit_s) {
			str_addf(out, "%lld %s", (long long)(age_s / rows[i].unit_s), rows[i].name);
			return;
		}
	}
	str_addf(out, "%lld s", (long long)age_s);
}
