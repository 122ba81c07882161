/* The right to push: begin an upload, and cancel it. */
#include "registry/registry_grant.h"
#include "registry/registry_query.h"
#include "registry/registry_question.h"

#include "base/memory.h"

struct push_task {
	struct task task;
	struct push_query *query;
};

static void
say(struct question *q, enum may_push may, const char *why)
{
	struct push_query *query = ((struct push_task *)q->task)->query;

	query->may = may;
	query->reason = why;
}

/* Nothing was sent, so nothing matters that comes of it.  The right to push is not the right to
 * take back. */
static const struct question_kind CANCEL = {
	.method = HTTP_DELETE,
	.needs_grant = true,
	.other_right = "delete",
};

static void
upload_add_url(struct question *q)
{
	question_add_path(q, "blobs/uploads/");
}

static void
upload_fail(struct registry_session *s, struct question *q, const char *why, enum refusal refused)
{
	say(q, refused ? MAY_PUSH_NO : MAY_PUSH_UNKNOWN, why);
	question_done(s, q);
}

static void
upload_answer(struct registry_session *s, struct question *q, const struct http_answer *answer)
{
	const char *location = http_answer_header(answer, "Location");
	struct str url = { 0 };
	struct origin to;

	if (answer->status != 202) {
		const char *words = session_words_status(s, "push", answer);
		if (answer->status == 403)
			upload_fail(s, q, grant_words_refused(s, q->grant, words), REFUSAL_ACCESS);
		else
			upload_fail(s, q, words, REFUSAL_NONE);
		return;
	}
	say(q, MAY_PUSH_YES, NULL);
	q->grant->proved = true;
	if (location && url_resolve(&url, &to, str_text(&q->url), location, NULL) == 0 &&
	    url_origin_equal(&to, &q->server->origin))
		str_adds(&question_add(s, &CANCEL, q->task, q->grant)->start, str_text(&url));
	str_dispose(&url);
	question_done(s, q);
}

static const struct question_kind UPLOAD = {
	.method = HTTP_POST,
	.needs_grant = true,
	.add_url = upload_add_url,
	.answer = upload_answer,
	.fail = upload_fail,
};

static const struct task_kind PUSH = { 0 };

void
registry_session_ask_push(struct registry_session *s, struct push_query *query)
{
	struct push_task *t = memory_resize(NULL, sizeof(*t));

	*t = (struct push_task){ .query = query };
	session_add_task(s, &t->task, &PUSH, query->registry, query->repository, "pull,push");
	question_add(s, &UPLOAD, &t->task, t->task.grant);
}
