#include "registry/registry_grant.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void
grant_reopen(struct grant *g)
{
	g->running = 0;
	if (g->state == GRANT_READY)
		return;
	g->state = GRANT_OPEN;
	g->pinged = g->doubts_404 = false;
}

/* Release the held questions: to be asked again, or for their 404 to count. */
static void
release_held(struct registry_session *s, const struct grant *g, bool again)
{
	for (size_t i = s->first_open; i < s->n_questions; i++) {
		struct question *q = s->questions[i];
		if (q->grant != g || q->state != QUESTION_HELD)
			continue;
		q->state = QUESTION_WAITING;
		if (again)
			str_clear(&q->url);
		else
			q->kind->absent(s, q);
	}
}

void
grant_ready(struct registry_session *s, struct grant *g)
{
	g->state = GRANT_READY;
	g->generation++;
	release_held(s, g, true);
}

void
grant_believe_404(struct registry_session *s, struct grant *g)
{
	g->state = GRANT_OPEN;
	release_held(s, g, false);
}

void
grant_fail(struct registry_session *s, struct grant *g, const char *why, enum refusal refused)
{
	free(g->why);
	g->why = memory_copy(why);
	g->refused = refused == REFUSAL_ACCESS && g->trouble ? REFUSAL_PASSWORD : refused;
	g->state = GRANT_FAILED;
	release_held(s, g, true);
}

void
grant_question_fail(struct registry_session *s, struct question *q, const char *why,
                    enum refusal refused)
{
	grant_fail(s, q->grant, why, refused);
	question_done(s, q);
}

static bool
grant_may_change_404(struct grant *g)
{
	switch (g->state) {
	case GRANT_WANTED:
	case GRANT_LOOKUP:
	case GRANT_PING:
		return true;
	case GRANT_OPEN:
		if (g->looked_up || g->proved)
			return false;
		g->doubts_404 = true;
		g->state = GRANT_WANTED;
		return true;
	default:
		return false;
	}
}

bool
grant_holds_404(struct question *q)
{
	if (!q->own || !grant_may_change_404(q->grant))
		return false;
	q->state = QUESTION_HELD;
	return true;
}

const char *
grant_words_refused(struct registry_session *s, const struct grant *g, const char *words)
{
	const char *server = strcmp(g->server->name, "docker.io") == 0 ? "" : g->server->name;
	const char *blank = *server ? " " : "";
	bool pull = strcmp(g->actions, "pull") == 0;
	struct str text = { 0 };

	str_addf(&text, "%s: %s", words, pull ? "private or missing" : "no right to push");
	if (g->trouble)
		str_addf(&text, ", and there are no credentials to show: %s", g->trouble);
	else if (credential_is_empty(&g->credential))
		str_addf(&text, ", and nobody is logged in: use \"docker login%s%s\"", blank, server);
	else
		str_addf(&text, ", or the credentials from \"docker login%s%s\" are not enough or out of date",
		         blank, server);
	const char *why = arena_strdup(s->a, str_text(&text));
	str_dispose(&text);
	return why;
}
