#include "registry/wheels.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "http/http_answer.h"
#include "http/http_client.h"
#include "http/url.h"
#include "os/clock.h"
#include "registry/wheel.h"

#define AT_ONCE 16u
#define REQUEST_MS 20000L
#define TRIES 3u
#define WAIT_S 0.5		/* before another try; the next one waits longer */
#define REDIRECTS 5u
#define LOOK_MS 200

/* One wheel that is asked for. */
struct asked_wheel {
	struct http_request request;	/* first: a request that ends says which wheel it was for */
	struct wheel *wheel;
	unsigned tries, redirects;
	double not_before_s;
	bool running, done;
};

struct asking {
	struct http_client *client;
	struct asked_wheel *wheels;
	size_t n, first_open;		/* those before it are done */
	unsigned running;
	struct arena *arena;
};

static void
start_some(struct asking *as, double now_s)
{
	while (as->first_open < as->n && as->wheels[as->first_open].done)
		as->first_open++;
	for (size_t i = as->first_open; i < as->n && as->running < AT_ONCE; i++) {
		struct asked_wheel *q = &as->wheels[i];
		if (q->done || q->running || q->not_before_s > now_s)
			continue;
		q->running = true;
		as->running++;
		http_client_start(as->client, &q->request);
	}
}

/* Where a redirect leads; NULL, and the wheel is unknown, if that is nowhere to go. */
static const char *
follow(struct asked_wheel *q, const struct http_answer *answer, struct arena *a)
{
	const char *location = http_answer_header(answer, "Location"), *to = NULL;
	struct error why = { 0 };
	struct origin here, there;
	struct str url = { 0 };

	if (!location || q->redirects++ == REDIRECTS)
		error_set(&why, location ? "more than %u times" : "without Location", REDIRECTS);
	else if (url_origin(&here, q->request.url, &why) == 0 &&
	         url_resolve(&url, &there, q->request.url, location, &why) == 0 &&
	         url_may_lead(&here, &there, false, &why) == 0)
		to = arena_strdup(a, str_text(&url));
	if (!to) {
		q->wheel->verdict = VERDICT_UNKNOWN;
		q->wheel->reason = arena_printf(a, "redirects: %s", why.text);
	}
	str_dispose(&url);
	return to;
}

static bool
is_redirect(const struct http_answer *answer)
{
	long s = answer->outcome == HTTP_ANSWERED ? answer->status : 0;
	return s == 301 || s == 302 || s == 303 || s == 307 || s == 308;
}

static void
take_answer(struct asking *as, struct asked_wheel *q, const struct http_answer *answer)
{
	q->running = false;
	as->running--;
	if (is_redirect(answer)) {
		const char *to = follow(q, answer, as->arena);
		if (to)
			q->request.url = to;
		q->done = !to;
		return;
	}
	q->done = !wheel_take_answer(q->wheel, answer, as->arena) || ++q->tries == TRIES;
	q->not_before_s = clock_monotonic_s() + q->tries * WAIT_S;
}

static void
run(struct asking *as, double deadline_s)
{
	double end_s = clock_monotonic_s() + deadline_s, now_s;

	while (as->first_open < as->n && (now_s = clock_monotonic_s()) < end_s) {
		const struct http_request *request;
		const struct http_answer *answer;
		bool any = false;

		start_some(as, now_s);
		http_client_work(as->client);
		while ((answer = http_client_next(as->client, &request))) {
			take_answer(as, (struct asked_wheel *)(void *)request, answer);
			any = true;
		}
		if (!any && as->first_open < as->n)
			http_client_wait(as->client, LOOK_MS);
	}
	http_client_abort(as->client);
}

int
wheels_ask(struct wheel *wheels, size_t n, double deadline_s, struct arena *a, struct error *err)
{
	struct asking as = { .n = n, .arena = a };

	as.client = http_client_new(err);
	if (!as.client)
		return -1;
	as.wheels = arena_array(a, n, sizeof(*as.wheels));
	for (size_t i = 0; i < n; i++) {
		wheels[i].verdict = VERDICT_UNKNOWN;
		wheels[i].digest = NULL;
		wheels[i].reason = "no answer in time";
		as.wheels[i] = (struct asked_wheel){
			.request = { .method = HTTP_HEAD, .url = wheels[i].url, .accept = "*/*",
			             .timeout_ms = REQUEST_MS },
			.wheel = &wheels[i],
		};
	}
	run(&as, deadline_s);
	http_client_free(as.client);
	return 0;
}
