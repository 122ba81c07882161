#include "registry/registry.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/memory.h"
#include "base/str.h"
#include "http/credential.h"
#include "http/http_answer.h"
#include "http/http_client.h"
#include "os/clock.h"
#include "registry/credentials.h"
#include "registry/registry_progress.h"
#include "registry/registry_session.h"

#define HELPER_S 30.0
#define LOOK_MS 1000		/* the longest wait before the next look at the clock */

/* One repository that waits for a helper program. */
struct lookup {
	struct lookup *next;
	char *registry, *repository;
	struct helper_run *run;		/* NULL: another lookup runs the program */
	struct lookup *leader;		/* the lookup that runs it */
	bool answered;
};

struct registry {
	struct registry_options options;
	struct http_client *client;
	struct credentials *credentials;
	struct registry_memory *memory;
	struct lookup *lookups;
};

static int64_t
clock_ms(void)
{
	return (int64_t)(clock_monotonic_s() * 1000);
}

static struct moment
now(void)
{
	return (struct moment){ clock_ms(), clock_epoch_s() };
}

/* ---- credentials ---- */

static void
wake(void *user)
{
	http_client_wake(user);
}

/* A helper is asked once per registry, however many repositories want it. */
static void
ask_helper(struct registry *r, const char *helper, const char *registry, const char *repository,
           double left_s)
{
	struct lookup *l = memory_resize(NULL, sizeof(*l));

	*l = (struct lookup){ .next = r->lookups, .registry = memory_copy(registry),
	                      .repository = memory_copy(repository) };
	for (struct lookup *other = r->lookups; other; other = other->next)
		if (other->run && strcmp(other->registry, registry) == 0)
			l->leader = other;
	if (!l->leader) {
		l->run = helper_run_start(helper, registry, left_s < HELPER_S ? left_s : HELPER_S,
		                          wake, r->client);
		l->leader = l;
	}
	r->lookups = l;
}

/* Returns true if the session got any answer at once. */
static bool
look_up(struct registry *r, struct registry_session *s)
{
	bool any = false;
	const char *registry, *repository, *helper;
	double left_s = (double)(registry_session_deadline_ms(s) - clock_ms()) / 1000;

	while (registry_session_wants(s, &registry, &repository)) {
		struct credential c = { 0 };
		struct error err = { 0 };
		int found = credentials_find(r->credentials, registry, repository, &c, &helper,
		                             &err);
		if (found == 2) {
			ask_helper(r, helper, registry, repository, left_s > 0 ? left_s : 0);
			continue;
		}
		registry_session_credentials(s, registry, repository, &c,
		                             found < 0 ? err.text : NULL);
		any = true;
	}
	return any;
}

static bool
answer_lookups(struct registry *r, struct registry_session *s)
{
	bool any = false;
	for (struct lookup *l = r->lookups; l; l = l->next) {
		if (l->answered || !helper_run_is_over(l->leader->run))
			continue;
		struct credential c = { 0 };
		struct error err = { 0 };
		int found = helper_run_result(l->leader->run, &c, &err);
		l->answered = true;
		registry_session_credentials(s, l->registry, l->repository, &c,
		                             found < 0 ? err.text : NULL);
		any = true;
	}
	return any;
}

/* ---- the loop ---- */

static void
wait_for_something(struct registry *r, struct registry_session *s)
{
	int64_t wait = LOOK_MS, at = clock_ms();
	int64_t wake_ms = registry_session_wake_ms(s), end_ms = registry_session_deadline_ms(s);

	if (wake_ms < end_ms)
		end_ms = wake_ms;
	if (end_ms - at < wait)
		wait = end_ms - at;
	if (r->options.progress && wait > REGISTRY_PROGRESS_MS)
		wait = REGISTRY_PROGRESS_MS;
	if (wait > 0)
		http_client_wait(r->client, (int)wait);
}

/* Returns true if any request ended. */
static bool
take_answers(struct registry *r, struct registry_session *s)
{
	const struct http_request *request;
	const struct http_answer *answer;
	bool any = false;

	while ((answer = http_client_next(r->client, &request))) {
		registry_session_answer(s, request, answer, now());
		any = true;
	}
	return any;
}

static void
run(struct registry *r, struct registry_session *s)
{
	struct registry_progress progress = { 0 };
	const struct http_request *request;

	registry_progress_start(&progress, r->options.progress);
	for (;;) {
		do
			while ((request = registry_session_next(s, now())))
				http_client_start(r->client, request);
		while (look_up(r, s));
		if (registry_session_is_done(s))
			break;
		if (clock_ms() >= registry_session_deadline_ms(s)) {
			http_client_abort(r->client);
			registry_session_expire(s, now());
			break;
		}
		http_client_work(r->client);
		bool any = take_answers(r, s);
		any |= answer_lookups(r, s);
		registry_progress_show(&progress, s);
		if (!any)
			wait_for_something(r, s);
	}
	http_client_abort(r->client);
	registry_session_end(s, now());
	registry_progress_end(&progress);
}

static int
check_name(const char *registry, const char *repository, struct error *err)
{
	if (!image_ref_registry_valid(registry))
		return error_set(err, "registry \"%.200s\": is not host[:port]", registry);
	if (!image_ref_repository_valid(repository))
		return error_set(err, "repository \"%.200s\": is not a lower-case path", repository);
	return 0;
}

int
registry_ask(struct registry *r, struct repository_query *queries, size_t n, struct arena *a,
             struct error *err)
{
	for (size_t i = 0; i < n; i++) {
		if (check_name(queries[i].registry, queries[i].repository, err) < 0)
			return -1;
		for (size_t j = 0; j < queries[i].n_tags; j++)
			if (!image_ref_tag_valid(queries[i].tags[j].tag))
				return error_set(err, "tag \"%.140s\": is not a valid tag",
				                 queries[i].tags[j].tag);
	}
	struct registry_session *s = registry_session_new(r->memory, a, now());
	for (size_t i = 0; i < n; i++)
		registry_session_ask(s, &queries[i]);
	run(r, s);
	registry_session_free(s);
	return 0;
}

int
registry_may_push(struct registry *r, struct push_query *queries, size_t n, struct arena *a,
                  struct error *err)
{
	for (size_t i = 0; i < n; i++)
		if (check_name(queries[i].registry, queries[i].repository, err) < 0)
			return -1;
	struct registry_session *s = registry_session_new(r->memory, a, now());
	for (size_t i = 0; i < n; i++)
		registry_session_ask_push(s, &queries[i]);
	run(r, s);
	registry_session_free(s);
	return 0;
}

const char *
registry_limits(struct registry *r, struct arena *a)
{
	struct str text = { 0 };
	registry_memory_limits(r->memory, &text);
	const char *copied = arena_strdup(a, str_text(&text));
	str_dispose(&text);
	return copied;
}

struct registry *
registry_new(const struct registry_options *options, struct error *err)
{
	struct registry *r = memory_resize(NULL, sizeof(*r));
	*r = (struct registry){ .options = *options };
	r->options.progress = options->progress && isatty(STDERR_FILENO);
	struct moment at = now();
	struct registry_rules rules = {
		.insecure = options->insecure,
		.timeout_s = options->timeout_s,
		.seed = (uint32_t)at.ms ^ (uint32_t)getpid() << 16,
	};
	r->memory = registry_memory_new(&rules);
	r->client = http_client_new(err);
	r->credentials = r->client ? credentials_new(err) : NULL;
	if (!r->credentials) {
		registry_free(r);
		return NULL;
	}
	return r;
}

void
registry_free(struct registry *r)
{
	if (!r)
		return;
	while (r->lookups) {
		struct lookup *l = r->lookups;
		r->lookups = l->next;
		helper_run_free(l->run);
		free(l->registry);
		free(l->repository);
		free(l);
	}
	http_client_free(r->client);	/* after the helpers, which wake it */
	credentials_free(r->credentials);
	registry_memory_free(r->memory);
	free(r);
}
