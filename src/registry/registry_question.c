#include "registry/registry_question.h"

#include <stdlib.h>

#include "base/memory.h"
#include "http/credential.h"

void
session_add_task(struct registry_session *s, struct task *t, const struct task_kind *kind,
                 const char *registry, const char *repository, const char *actions)
{
	t->kind = kind;
	t->server = memory_server(s->m, registry);
	t->grant = memory_grant(s->m, t->server, repository, actions);
	s->tasks = memory_grow(s->tasks, &s->tasks_cap, s->n_tasks, sizeof(*s->tasks));
	s->tasks[s->n_tasks++] = t;
}

void
task_finish(struct registry_session *s, struct task *t)
{
	t->finished = true;
	if (t->kind->finish)
		t->kind->finish(s, t);
}

struct question *
question_add(struct registry_session *s, const struct question_kind *kind, struct task *task,
             struct grant *grant)
{
	struct question *q = memory_resize(NULL, sizeof(*q));

	*q = (struct question){ .kind = kind, .method = kind->method, .task = task, .grant = grant,
	                        .server = grant->server };
	s->questions = memory_grow(s->questions, &s->questions_cap, s->n_questions,
	                           sizeof(*s->questions));
	s->questions[s->n_questions++] = q;
	if (task)
		task->open++;
	return q;
}

void
question_done(struct registry_session *s, struct question *q)
{
	if (q->state == QUESTION_DONE)
		return;
	q->state = QUESTION_DONE;
	credential_wipe_str(&q->authorization);
	credential_wipe_str(&q->form);
	if (q->kind->done)
		q->kind->done(s, q);
	if (q->task && --q->task->open == 0)
		task_finish(s, q->task);
}

void
question_fail(struct registry_session *s, struct question *q, const char *why,
              enum refusal refused)
{
	if (q->kind->fail)
		q->kind->fail(s, q, why, refused);
	else
		question_done(s, q);
}

void
question_add_path(struct question *q, const char *path)
{
	url_add_origin(&q->url, &q->server->origin);
	str_addf(&q->url, "/v2/%s/%s", q->grant->repository, path);
}
