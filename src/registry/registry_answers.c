#include "registry/registry_answers.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "base/utc.h"
#include "os/clock.h"
#include "os/file.h"
#include "registry/registry.h"
#include "registry/registry_cache.h"
#include "registry/registry_query.h"

#define ASKED "asked"

static const char *
path_of(const struct registry_answers *answers, const char *name, struct arena *a)
{
	return arena_printf(a, "%s/%s", answers->folder, name);
}

static const char *
name_of(const struct repository_query *q, struct arena *a)
{
	struct str name = { 0 };
	registry_cache_name(&name, q->registry, q->repository);
	const char *copy = arena_strdup(a, str_text(&name));
	str_dispose(&name);
	return copy;
}

static void
answer_unknown(struct repository_query *q, struct arena *a)
{
	q->reason = arena_printf(a, "there is no earlier answer; run gen check without --offline");
	for (size_t i = 0; i < q->n_tags; i++) {
		q->tags[i].verdict = VERDICT_UNKNOWN;
		q->tags[i].digest = NULL;
		q->tags[i].reason = q->reason;
	}
}

static int
recall(const struct registry_answers *answers, struct repository_query *q, struct arena *a,
       struct error *err)
{
	const char *path = path_of(answers, name_of(q, a), a);
	char *text;
	size_t len;

	int there = file_map(&text, &len, path, err);
	if (there == 0)
		answer_unknown(q, a);
	if (there > 0 && registry_cache_answer(q, text, len, a, err) < 0) {
		error_prefix(err, "%s", path);
		there = error_remedy(err, "gen check writes it again");
	}
	file_unmap(text, len);
	return there < 0 ? -1 : 0;
}

/* Give the query the pages that are known, so that it can ask for changes only. */
static int
prepare(const struct registry_answers *answers, struct repository_query *q, struct arena *a,
        struct error *err)
{
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, path_of(answers, name_of(q, a), a), 0, a, err);
	if (there > 0)
		registry_cache_pages(q, text, len, a);
	return there < 0 ? -1 : 0;
}

static bool
knows_anything(const struct repository_query *q)
{
	bool known = q->listed;
	for (size_t i = 0; i < q->n_tags; i++)
		known |= q->tags[i].verdict != VERDICT_UNKNOWN;
	return known;
}

static int
keep_answers(const struct registry_answers *answers, const struct repository_query *q,
             struct arena *a, struct error *err)
{
	const char *path = path_of(answers, name_of(q, a), a), *old = NULL;
	size_t old_len = 0;
	struct str text = { 0 };

	if (!knows_anything(q))
		return 0;
	if (file_read_if_there(&old, &old_len, path, 0, a, err) < 0)
		return -1;
	registry_cache_merge(&text, q, old, old_len, clock_epoch_s());
	int ret = file_replace(path, str_text(&text), text.len, err);
	str_dispose(&text);
	return ret < 0 ? -1 : 0;
}

static bool
was_answered(const struct repository_query *q)
{
	return q->source && !q->reason;
}

static int
keep_time(const struct registry_answers *answers, const struct repository_query *queries,
          size_t n, struct arena *a, struct error *err)
{
	const char *path = path_of(answers, ASKED, a), *old = NULL;
	const char **names = arena_array(a, n, sizeof(*names));
	size_t old_len = 0, n_names = 0;
	struct str text = { 0 };

	for (size_t i = 0; i < n; i++)
		if (was_answered(&queries[i]))
			names[n_names++] = name_of(&queries[i], a);
	if (n_names == 0)
		return 0;
	if (file_read_if_there(&old, &old_len, path, 0, a, err) < 0)
		return -1;
	registry_cache_asked(&text, names, n_names, old, old_len, clock_epoch_s());
	int ret = file_replace(path, str_text(&text), text.len, err);
	str_dispose(&text);
	return ret < 0 ? -1 : 0;
}

int
registry_answers_get(const struct registry_answers *answers, struct repository_query *queries,
                     size_t n, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if ((answers->registry ? prepare : recall)(answers, &queries[i], a, err) < 0)
			return -1;
	if (!answers->registry)
		return 0;
	if (registry_ask(answers->registry, queries, n, a, err) < 0)
		return -1;
	for (size_t i = 0; answers->keep && i < n; i++)
		if (keep_answers(answers, &queries[i], a, err) < 0)
			return -1;
	return answers->keep ? keep_time(answers, queries, n, a, err) : 0;
}

int
registry_answers_age(struct str *out, const struct registry_answers *answers,
                     const struct repository_query *queries, size_t n, struct error *err)
{
	struct arena a = { 0 };
	const char *text = NULL;
	size_t len = 0;

	int there = file_read_if_there(&text, &len, path_of(answers, ASKED, &a), 0, &a, err);
	for (size_t i = 0; there >= 0 && i < n; i++) {
		char time[UTC_SIZE];
		int64_t at_s = registry_cache_asked_at(name_of(&queries[i], &a), text, len);
		str_addf(out, "%s/%s: ", queries[i].registry, queries[i].repository);
		if (at_s < 0) {
			str_adds(out, "never asked\n");
			continue;
		}
		utc_text(time, at_s);
		str_adds(out, "last asked ");
		utc_add_age(out, clock_epoch_s() - at_s);
		str_addf(out, " ago (%s)\n", time);
	}
	arena_dispose(&a);
	return there < 0 ? -1 : 0;
}
