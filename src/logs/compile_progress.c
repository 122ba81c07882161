#include "logs/compile_progress.h"

#include <string.h>

#include "logs/log_line.h"

#define MOST 1000000	/* more steps than any compile has: so a number cannot overflow */

struct rest {
	const char *p, *end;
};

static bool
take(struct rest *r, char c)
{
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

static bool
take_number(struct rest *r, long *out)
{
	const char *start = r->p;
	long n = 0;

	while (r->p < r->end && *r->p >= '0' && *r->p <= '9' && n <= MOST)
		n = 10 * n + (*r->p++ - '0');
	*out = n;
	return r->p > start && n <= MOST;
}

static bool
read_line(long *done, long *total, const char *text, size_t len)
{
	struct log_line line;
	long n, of = 100;

	log_line_parse(&line, text, len);
	struct rest r = { line.text, line.text + line.len };
	if (!take(&r, '['))
		return false;
	while (take(&r, ' '))
		;
	if (!take_number(&r, &n))
		return false;
	if (!take(&r, '%') && !(take(&r, '/') && take_number(&r, &of)))
		return false;
	if (!take(&r, ']') || n > of || !of)
		return false;
	*done = n;
	*total = of;
	return true;
}

static bool
ends_line(char c)
{
	return c == '\n' || c == '\r';
}

bool
compile_progress_parse(long *done, long *total, const char *text, size_t len)
{
	for (size_t end = len; end; end--) {
		size_t start = end;
		while (start && !ends_line(text[start - 1]))
			start--;
		if (read_line(done, total, text + start, end - start))
			return true;
		end = start;
		if (!end)
			break;
	}
	return false;
}
