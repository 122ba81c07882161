#include "registry/registry_tags.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define HEADS_MOST 3u		/* so few tags are asked for without a list */

/* ---- what is wanted ---- */

static int
by_tag(const void *a, const void *b)
{
	return strcmp(((const struct wanted *)a)->tag, ((const struct wanted *)b)->tag);
}

static void
gather_wanted(struct tags_task *t)
{
	const struct repository_query *query = t->query;
	size_t n = 0;

	t->wanted = memory_resize(NULL, query->n_tags * sizeof(*t->wanted));
	for (size_t i = 0; i < query->n_tags; i++)
		t->wanted[i] = (struct wanted){ .tag = query->tags[i].tag,
		                                .want_digest = query->tags[i].want_digest };
	if (query->n_tags)
		qsort(t->wanted, query->n_tags, sizeof(*t->wanted), by_tag);
	for (size_t i = 0; i < query->n_tags; i++) {
		if (n && strcmp(t->wanted[n - 1].tag, t->wanted[i].tag) == 0)
			t->wanted[n - 1].want_digest |= t->wanted[i].want_digest;
		else
			t->wanted[n++] = t->wanted[i];
	}
	t->n_wanted = n;
}

/* ---- verdicts ---- */

static enum verdict
conclude(const char **why, const struct tags_task *t, const struct wanted *w)
{
	*why = NULL;
	if (w->head != VERDICT_UNKNOWN)
		return w->head;
	if (w->seen && (!w->asked || !w->want_digest))
		return VERDICT_PRESENT;
	if (!w->seen && (t->counts_as_empty || t->list == LIST_WHOLE))
		return VERDICT_ABSENT;
	*why = w->why ? w->why : t->why ? t->why : "was not asked about";
	return VERDICT_UNKNOWN;
}

static void
fill_tags(const struct tags_task *t)
{
	struct repository_query *query = t->query;

	query->reason = NULL;
	for (size_t i = 0; i < query->n_tags; i++) {
		struct tag_query *tag = &query->tags[i];
		const struct wanted *w = tags_find_wanted(t, tag->tag);
		tag->verdict = conclude(&tag->reason, t, w);
		tag->digest = tag->verdict == VERDICT_PRESENT ? w->digest : NULL;
		tag->image_id = tag->verdict == VERDICT_PRESENT ? w->image_id : NULL;
		if (tag->verdict == VERDICT_UNKNOWN && !query->reason)
			query->reason = tag->reason;
	}
	if (query->n_tags == 0 && t->list != LIST_WHOLE && !t->counts_as_empty)
		query->reason = t->why;
}

static int
by_text(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
fill_others(struct registry_session *s, struct tags_task *t)
{
	struct repository_query *query = t->query;
	size_t n = 0;

	if (t->n_others)
		qsort(t->others, t->n_others, sizeof(*t->others), by_text);
	for (size_t i = 0; i < t->n_others; i++)
		if (n == 0 || strcmp(t->others[n - 1], t->others[i]) != 0)
			t->others[n++] = t->others[i];
	query->others = arena_array(s->a, n, sizeof(*t->others));
	if (n)
		memcpy(query->others, t->others, n * sizeof(*t->others));
	query->n_others = n;
	query->others_complete = (t->list == LIST_WHOLE || t->counts_as_empty) && !t->others_overflow;
}

static void
fill_pages(struct registry_session *s, struct tags_task *t)
{
	struct repository_query *query = t->query;
	struct str source = { 0 };

	url_add_origin(&source, &t->task.server->origin);
	query->source = arena_strdup(s->a, str_text(&source));
	str_dispose(&source);
	query->listed = t->list == LIST_WHOLE;
	query->n_pages = query->listed ? t->n_pages_kept : 0;
	query->pages = arena_array(s->a, query->n_pages, sizeof(*query->pages));
	if (query->n_pages)
		memcpy(query->pages, t->pages_kept, query->n_pages * sizeof(*query->pages));
}

/* ---- the task ---- */

static void
tags_finish(struct registry_session *s, struct task *task)
{
	struct tags_task *t = (struct tags_task *)task;

	fill_tags(t);
	fill_others(s, t);
	fill_pages(s, t);
}

static void
tags_dispose(struct task *task)
{
	struct tags_task *t = (struct tags_task *)task;

	tags_dispose_list(t);
	free(t->wanted);
}

static bool
tags_add_progress(const struct task *task, struct str *out)
{
	const struct tags_task *t = (const struct tags_task *)task;

	if (t->list == LIST_OPEN)
		str_addf(out, "page %u", t->pages + 1);
	return t->list == LIST_OPEN;
}

static const struct task_kind TAGS = { tags_finish, tags_dispose, tags_add_progress };

void
registry_session_ask(struct registry_session *s, struct repository_query *query)
{
	struct tags_task *t = memory_resize(NULL, sizeof(*t));
	size_t n_plain = 0;

	*t = (struct tags_task){ .query = query, .use_get = query->want_ids };
	session_add_task(s, &t->task, &TAGS, query->registry, query->repository, "pull");
	gather_wanted(t);
	for (size_t i = 0; i < t->n_wanted; i++)
		n_plain += !t->wanted[i].want_digest;
	if (query->collect_prefix || n_plain > HEADS_MOST)
		tags_ask_list(s, t);
	else if (t->n_wanted)
		tags_ask_unseen(s, t);
	else
		task_finish(s, &t->task);
}
