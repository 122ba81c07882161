#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Keep what is printed on one line, and keep escape sequences off terminals. */
static void
clean(char *text)
{
	for (unsigned char *p = (unsigned char *)text; *p; p++)
		if (*p < 0x20 || *p == 0x7f)
			*p = '?';
}

static void
mark_cut(char *text, size_t size, int wanted)
{
	if (wanted >= 0 && (size_t)wanted >= size)
		memcpy(text + size - 4, "...", 4);
}

int
error_set(struct error *err, const char *fmt, ...)
{
	if (!err || err->text[0])
		return -1;

	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(err->text, sizeof(err->text), fmt, ap);
	va_end(ap);
	mark_cut(err->text, sizeof(err->text), n);
	clean(err->text);
	return -1;
}

int
error_remedy(struct error *err, const char *remedy)
{
	struct error said = { 0 };

	if (!err)
		return -1;
	error_set(&said, "%s; %s", err->text, remedy);
	*err = said;
	return -1;
}

int
error_prefix(struct error *err, const char *fmt, ...)
{
	if (!err)
		return -1;

	struct error place = { 0 };
	va_list ap;
	va_start(ap, fmt);
	int n = vsnprintf(place.text, sizeof(place.text), fmt, ap);
	va_end(ap);
	mark_cut(place.text, sizeof(place.text), n);
	clean(place.text);

	char joined[2 * sizeof(err->text)];
	n = snprintf(joined, sizeof(joined), "%s: %s", place.text, err->text);
	memcpy(err->text, joined, sizeof(err->text) - 1);
	err->text[sizeof(err->text) - 1] = '\0';
	mark_cut(err->text, sizeof(err->text), n);
	return -1;
}
