#include "record/progress.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/memory.h"
#include "base/str.h"

#define HEAD "{\n\"version\": 1,\n\"updated\": \""
#define IMAGES "\",\n\"images\": {\n"
#define TAIL "}\n}\n"
#define STATE "\"state\":\""

static const char *const states[PROGRESS_STATES] = {
	[PROGRESS_RUNNING] = "running",
	[PROGRESS_WAITING] = "waiting",
	[PROGRESS_DONE] = "done",
	[PROGRESS_FAILED] = "failed",
	[PROGRESS_INTERRUPTED] = "interrupted",
	[PROGRESS_KILLED] = "killed",
};

const char *
progress_state_name(enum progress_state s)
{
	return states[s];
}

/* A search, since a step looks at the members of all images. */
enum progress_state
progress_state_of(const struct progress_image *image)
{
	const char *state = strstr(image->members, STATE);
	unsigned i = 0;

	if (!state)
		return PROGRESS_STATES;
	state += strlen(STATE);
	size_t len = strcspn(state, "\"");
	while (i < PROGRESS_STATES && (strlen(states[i]) != len || memcmp(states[i], state, len) != 0))
		i++;
	return (enum progress_state)i;
}

/* Where target is, or belongs. */
static size_t
place_of(const struct progress *p, const char *target)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(p->images[middle].target, target) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
progress_put(struct progress *p, const char *target, const char *members)
{
	size_t at = place_of(p, target);
	if (at == p->n || strcmp(p->images[at].target, target) != 0) {
		p->images = memory_grow(p->images, &p->cap, p->n, sizeof(*p->images));
		memmove(&p->images[at + 1], &p->images[at], (p->n - at) * sizeof(*p->images));
		p->n++;
	}
	p->images[at] = (struct progress_image){ target, members };
}

/* "baseline-x": {...}, perhaps with a comma behind */
static bool
read_image(struct progress *p, const char *line, size_t len, struct arena *a)
{
	const char *colon = memmem(line, len, "\": {", 4);
	if (len && line[len - 1] == ',')
		len--;
	if (!colon || line[0] != '"' || line[len - 1] != '}')
		return false;
	const char *members = colon + 3;
	progress_put(p, arena_copy(a, line + 1, (size_t)(colon - line - 1)),
	             arena_copy(a, members, (size_t)(line + len - members)));
	return true;
}

void
progress_read(struct progress *p, const char *text, size_t len, struct arena *a)
{
	const char *images = memmem(text, len, IMAGES, strlen(IMAGES)), *end = text + len;
	if (len < strlen(HEAD) || memcmp(text, HEAD, strlen(HEAD)) != 0 || !images)
		return;
	for (const char *line = images + strlen(IMAGES); line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		if (!newline || !read_image(p, line, (size_t)(newline - line), a))
			return;
		line = newline + 1;
	}
}

void
progress_render(struct str *out, const struct progress *p, const char *updated)
{
	str_addf(out, HEAD "%s" IMAGES, updated);
	for (size_t i = 0; i < p->n; i++)
		str_addf(out, "\"%s\": %s%s\n", p->images[i].target, p->images[i].members,
		         i + 1 < p->n ? "," : "");
	str_adds(out, TAIL);
}

void
progress_dispose(struct progress *p)
{
	free(p->images);
	*p = (struct progress){ 0 };
}
