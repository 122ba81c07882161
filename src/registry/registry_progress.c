#include "registry/registry_progress.h"

#include <stdio.h>

#include "base/str.h"
#include "os/clock.h"
#include "registry/registry_session.h"

#define QUIET_S 1.0
#define WIDTH 79		/* a longer line would wrap, and half of it would stay */

void
registry_progress_start(struct registry_progress *p, bool wanted)
{
	p->wanted = wanted;
	p->start_s = clock_monotonic_s();
}

void
registry_progress_show(struct registry_progress *p, const struct registry_session *s)
{
	double now_s = clock_monotonic_s();
	if (!p->wanted || now_s - p->start_s < QUIET_S ||
	    now_s - p->last_s < REGISTRY_PROGRESS_MS / 1000.0)
		return;

	struct str text = { 0 };
	registry_session_progress(s, &text);
	fprintf(stderr, "\r\033[K%.*s", WIDTH, str_text(&text));
	fflush(stderr);
	str_dispose(&text);
	p->shown = true;
	p->last_s = now_s;
}

void
registry_progress_end(struct registry_progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
}
