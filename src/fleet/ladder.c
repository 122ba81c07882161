#include "fleet/ladder.h"

#include <stdlib.h>

#include "base/error.h"

int
ladder_parse(struct ladder *out, const char *text, struct error *err)
{
	struct ladder l = { 0 };
	for (const char *p = text;;) {
		char *end;
		long n = strtol(p, &end, 10);
		if (*p < '0' || *p > '9' || n < 1 || n > 1000000)
			return error_set(err, "ladder: \"%s\": expected numbers from 1 up, with commas between",
			                 text);
		if (l.n && n >= l.rungs[l.n - 1])
			return error_set(err, "ladder: \"%s\": %ld is not below %ld", text, n,
			                 l.rungs[l.n - 1]);
		if (l.n == LADDER_RUNGS)
			return error_set(err, "ladder: \"%s\": has more than %d rungs", text, LADDER_RUNGS);
		l.rungs[l.n++] = n;
		if (!*end)
			break;
		if (*end != ',')
			return error_set(err, "ladder: \"%s\": expected numbers from 1 up, with commas between",
			                 text);
		p = end + 1;
	}
	*out = l;
	return 0;
}

long
ladder_below(const struct ladder *l, long jobs)
{
	for (size_t i = 0; i < l->n; i++)
		if (l->rungs[i] < jobs)
			return l->rungs[i];
	return 0;
}
