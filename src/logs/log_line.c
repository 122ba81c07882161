#include "logs/log_line.h"

#include <string.h>

struct rest {
	const char *p, *end;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static size_t
digits(struct rest r)
{
	size_t n = 0;
	while (r.p + n < r.end && is_digit(r.p[n]))
		n++;
	return n;
}

static bool
take(struct rest *r, const char *text)
{
	size_t n = strlen(text);
	if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0)
		return false;
	r->p += n;
	return true;
}

/*
 * Take text of a shape: '0' stands for a digit, '9' for any number of digits (one at
 * least), anything else for itself.
 */
static bool
take_shape(struct rest *r, const char *shape)
{
	struct rest now = *r;
	for (; *shape; shape++) {
		size_t n = digits(now);
		if (*shape == '9') {
			if (!n)
				return false;
			now.p += n;
		} else if (*shape == '0') {
			if (!n)
				return false;
			now.p++;
		} else if (now.p == now.end || *now.p != *shape) {
			return false;
		} else {
			now.p++;
		}
	}
	*r = now;
	return true;
}

static bool
take_vertex(struct rest *r, unsigned long *vertex)
{
	struct rest now = *r;
	if (!take(&now, "#"))
		return false;
	size_t n = digits(now);
	if (n == 0 || n > 6)
		return false;
	unsigned long number = 0;
	for (; n; n--)
		number = number * 10 + (unsigned long)(*now.p++ - '0');
	if (now.p < now.end && *now.p != ' ')
		return false;
	if (now.p < now.end)
		now.p++;
	*vertex = number;
	*r = now;
	return true;
}

/* "2024-05-01T12:00:00.123Z ", "[2024-05-01 12:00:00,123] ", "12:00:00 " and the like. */
static bool
take_time(struct rest *r)
{
	struct rest now = *r;
	bool bracket = take(&now, "[");
	if (take_shape(&now, "0000-00-00") && !take(&now, "T") && !take(&now, " "))
		return false;
	if (!take_shape(&now, "00:00:00"))
		return false;
	if (take(&now, ".") || take(&now, ","))
		now.p += digits(now);
	if (!take(&now, "Z"))
		take_shape(&now, "+00:00");
	if (bracket && !take(&now, "]"))
		return false;
	if (now.p < now.end && !take(&now, " "))
		return false;
	*r = now;
	return true;
}

static bool
take_prefix(struct rest *r)
{
	if (take_time(r) || take_shape(r, "9.000 ") || take_shape(r, "9.00 ") ||
	    take_shape(r, "9.0 ") || take(r, " => => # ") || take(r, "=> => # "))
		return true;
	struct rest now = *r;
	if (take_shape(&now, "[9/9] STEP ")) {
		r->p = now.p - strlen("STEP ");
		return true;
	}
	/* logrus on a terminal: "ERRO[0001] message" */
	return take_shape(r, "ERRO[9] ") || take_shape(r, "FATA[9] ");
}

/* A box-drawing character, or one of the marks that pip and uv put before messages. */
static size_t
box(struct rest r)
{
	static const char *const marks[] = { "\xc3\x97" /* x */, "\xe2\x96\xb6" /* triangle */ };
	if (r.end - r.p >= 3 && (unsigned char)r.p[0] == 0xe2 &&
	    ((unsigned char)r.p[1] == 0x94 || (unsigned char)r.p[1] == 0x95))
		return 3;
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (take(&(struct rest){ r.p, r.end }, marks[i]))
			return strlen(marks[i]);
	return 0;
}

/* Blanks and boxes, counted in columns. */
static unsigned
take_indent(struct rest *r, bool *boxed)
{
	unsigned columns = 0;
	while (r->p < r->end) {
		size_t n;
		if (*r->p == ' ') {
			columns++;
			r->p++;
		} else if (*r->p == '\t') {
			columns = (columns / 8 + 1) * 8;
			r->p++;
		} else if ((n = box(*r))) {
			*boxed = true;
			columns++;
			r->p += n;
			/* pip's arrow ends in a plain '>' */
			if (r->p < r->end && *r->p == '>') {
				columns++;
				r->p++;
			}
		} else {
			break;
		}
	}
	return columns;
}

void
log_line_parse(struct log_line *out, const char *line, size_t len)
{
	struct rest r = { line, line + len };
	*out = (struct log_line){ 0 };
	if (take_vertex(&r, &out->vertex))
		out->timed = take_shape(&r, "9.9 ");
	while (take_prefix(&r))
		;
	take(&r, "E   ");
	out->indent = take_indent(&r, &out->boxed);
	while (r.end > r.p && (r.end[-1] == ' ' || r.end[-1] == '\t'))
		r.end--;
	out->text = r.p;
	out->len = (size_t)(r.end - r.p);
}

/* The length of an escape sequence: CSI, OSC, or ESC and one byte. */
static size_t
escape(const char *p, const char *end)
{
	const char *start = p++;
	if (p == end)
		return 1;
	char kind = *p++;
	if (kind == '[') {
		while (p < end && ((unsigned char)*p < 0x40 || (unsigned char)*p > 0x7e))
			p++;
	} else if (kind == ']') {
		while (p < end && *p != '\a' && *p != '\033')
			p++;
		if (p < end && *p == '\033' && p + 1 < end)
			p++;
	} else if (kind == '(' || kind == ')') {
		/* one more byte names the character set */
	} else {
		return 2;
	}
	return (size_t)((p < end ? p + 1 : p) - start);
}

size_t
log_line_clean(char *out, const char *line, size_t len)
{
	const char *end = line + len;
	size_t n = 0;
	for (const char *p = line; p < end;) {
		if (*p == '\033') {
			p += escape(p, end);
			continue;
		}
		if (*p != '\0' && *p != '\b')
			out[n++] = *p;
		p++;
	}
	return n;
}
