#include "base/program.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/str.h"

const char *
program_name(void)
{
	return "gen";
}

void
program_say(const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	fprintf(stderr, "%s: %s\n", program_name(), str_text(&text));
	str_dispose(&text);
}
