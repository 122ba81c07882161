#include "cmd/print.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/error.h"
#include "base/str.h"

struct report_look
print_look(void)
{
	struct report_look look = { 0 };
	struct winsize size;
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (!isatty(STDOUT_FILENO))
		return look;
	look.colour = !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		look.columns = size.ws_col;
	return look;
}

int
print_page(const struct str *page, struct error *err)
{
	if (fwrite(str_text(page), 1, page->len, stdout) != page->len || fflush(stdout) != 0)
		return error_set(err, "stdout: %s", strerror(errno));
	return 0;
}
