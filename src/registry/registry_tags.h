/* registry_tags.h - which tags a repository has: what its list and its single tags share.  Pure. */
#ifndef GEN_REGISTRY_TAGS_H
#define GEN_REGISTRY_TAGS_H

#include "registry/registry_grant.h"
#include "registry/registry_query.h"
#include "registry/registry_question.h"

/* A tag that somebody wants, once however often it was asked for. */
struct wanted {
	const char *tag;
	bool want_digest;
	bool seen;		/* in the list */
	bool want_head;		/* the list does not tell, or has no digest: it is to be asked by HEAD */
	bool asked;		/* a question was added for it */
	enum verdict head;	/* what that one was answered; unknown until then */
	const char *digest;
	const char *image_id;
	const char *why;	/* that one failed; else NULL */
};

enum list_state {
	LIST_NONE,		/* not asked for */
	LIST_OPEN,
	LIST_WHOLE,		/* read to its end: what is not in it is absent */
	LIST_LEFT,		/* not read on: it was refused, or HEADs tell the rest for less */
	LIST_FAILED,		/* it came broken, or not at all: task->why says why */
};

struct tags_task {
	struct task task;
	struct repository_query *query;
	const char *why;	/* for tags of which nothing better is known; NULL */
	bool counts_as_empty;	/* set when the registry says that there is no such repository, or that
				 * we may not see it and the query says that it may be new: all tags are
				 * absent */

	struct wanted *wanted;	/* sorted by tag */
	size_t n_wanted;
	size_t next_head;	/* of those before it none is to be asked by HEAD any more */
	unsigned open_heads;
	bool use_get;		/* set when a HEAD is refused with 405, or the query wants what only
				 * the body says: GET instead */
	bool heads_given_up;	/* set when one is refused before the registry let us in: no further
				 * one is asked */

	enum list_state list;
	unsigned pages;		/* read */
	bool list_without_n;	/* set when the registry refused the size of pages: it chooses one */
	bool list_refused_by_other;	/* set when a 403 or 404 to the list was not in a registry's
				 * form: then JSON alone does not make a HEAD's the registry's own */
	bool follows_last;	/* set after a full page without Link: the next one is asked for with
				 * last=, and a page without new tags is the end */
	char last_tag[129];	/* of the page before, if follows_last */
	struct seen_text *pages_seen;	/* their URLs: a list that goes in circles has no end */
	struct seen_text *tags_seen;	/* for pages without Link */

	struct list_page *pages_kept;	/* for next time; texts in the session's arena */
	size_t n_pages_kept, pages_kept_cap;
	size_t n_tags_kept;	/* of all pages: over a limit none is kept */

	const char **others;	/* tags that the query collects */
	size_t n_others, others_cap;
	bool others_overflow;	/* set when there are too many: they are not complete */
};

static inline struct tags_task *
question_tags_task(const struct question *q)
{
	return (struct tags_task *)q->task;
}

/* registry_head.c: single tags, by HEAD or GET. */
struct wanted *tags_find_wanted(const struct tags_task *t, const char *tag);

/* Ask for those that the list did not have, or for the digests of those that it had. */
void tags_ask_unseen(struct registry_session *s, struct tags_task *t);
void tags_ask_digests(struct registry_session *s, struct tags_task *t);

/* The repository refused q before it let us in.  Returns why, with advice. */
const char *tags_refused(struct registry_session *s, struct tags_task *t, const char *why,
                         enum refusal refused);

/* registry_list.c: the list, page after page. */
void tags_ask_list(struct registry_session *s, struct tags_task *t);
void tags_dispose_list(struct tags_task *t);

/* registry_pages.c: the page at q's URL as it was last time, NULL if that is not known. */
const struct list_page *pages_find_known(const struct question *q);

/* Its validator; a function of the question's kind. */
const char *pages_etag(const struct question *q);

/* Keep a page for next time: as it was, or from an answer with n_items, if it has a validator. */
void pages_keep_known(struct tags_task *t, const struct list_page *page);
void pages_keep(struct registry_session *s, struct question *q, const struct http_answer *answer,
                size_t n_items, const char *next);

#endif
