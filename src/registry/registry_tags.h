/* registry_tags.h - which tags a repository has: by its list, and one by one.  Pure. */
#ifndef GEN_REGISTRY_TAGS_H
#define GEN_REGISTRY_TAGS_H

#include "registry/registry_grant.h"
#include "registry/registry_query.h"
#include "registry/registry_question.h"

/* A tag that a query wants to know about; once, even if the query has it twice. */
struct wanted {
	const char *tag;
	bool want_digest;
	bool seen;		/* set when the list has it */
	bool want_head;		/* set when the list does not help, or has no digest: HEAD will tell */
	bool asked;		/* set when a question by HEAD, or GET, is added for it */
	enum verdict head;	/* the answer to that; unknown until then */
	const char *digest;
	const char *image_id;
	const char *why;	/* why that question failed, or NULL */
};

enum list_state {
	LIST_NONE,		/* not asked for */
	LIST_OPEN,
	LIST_WHOLE,		/* read to its end: a tag that is not in it is absent */
	LIST_LEFT,		/* refused, or left because HEADs need fewer requests for the rest */
	LIST_FAILED,		/* broken, or never answered: the task's why says why */
};

struct tags_task {
	struct task task;
	struct repository_query *query;
	const char *why;	/* for tags about which nothing more is known, or NULL */

	/* All tags are absent.  Set when the registry says that it has no such repository, or when it
	 * refuses us and the query says that the repository may be new. */
	bool counts_as_empty;

	/* ---- single tags ---- */

	struct wanted *wanted;	/* sorted by tag */
	size_t n_wanted;
	size_t next_head;	/* no tag before this one needs a further HEAD */
	unsigned open_heads;
	bool use_get;		/* GET instead of HEAD.  Set when the registry refuses HEAD with 405, and
				 * from the start if the query needs the body */
	bool heads_given_up;	/* no further HEADs.  Set when one fails before the registry let us read */

	/* ---- the list ---- */

	enum list_state list;
	unsigned pages;		/* read so far */
	bool list_without_n;	/* let the registry choose the size of pages.  Set when it refuses ours */

	/* Set when a 403 or 404 to the list is not in the form of a registry's answers: then some
	 * gateway may have spoken, and JSON alone does not show that a 404 to a HEAD counts. */
	bool list_refused_by_other;

	/* Set by a full page without Link, as old registries send it: the next page is asked for with
	 * last=last_tag, and the list ends with the first page that has no new tag. */
	bool follows_last;
	char last_tag[129];
	struct seen_text *tags_seen;	/* of such pages */
	struct seen_text *pages_seen;	/* their URLs: a page that comes again would come for ever */

	struct list_page *pages_kept;	/* for the next session; texts are in the session's arena */
	size_t n_pages_kept, pages_kept_cap;
	size_t n_tags_kept;	/* in all pages; if there are too many, none is kept */

	const char **others;	/* tags for the query's collect_prefix */
	size_t n_others, others_cap;
	bool others_overflow;	/* set when there are too many, so that others is not complete */
};

static inline struct tags_task *
question_tags_task(const struct question *q)
{
	return (struct tags_task *)q->task;
}

/* registry_head.c: single tags, by HEAD or GET. */
struct wanted *tags_find_wanted(const struct tags_task *t, const char *tag);

/* Ask for the tags that the list did not have, or for digests of those that it had. */
void tags_ask_unseen(struct registry_session *s, struct tags_task *t);
void tags_ask_digests(struct registry_session *s, struct tags_task *t);

/* The registry did not let us in.  Returns why, with advice, for all tags. */
const char *tags_refused(struct registry_session *s, struct tags_task *t, const char *why,
                         enum refusal refused);

/* registry_list.c: the list, page after page. */
void tags_ask_list(struct registry_session *s, struct tags_task *t);
void tags_dispose_list(struct tags_task *t);

/* registry_pages.c: the page at q's URL as it was last time, NULL if that is not known. */
const struct list_page *pages_find_known(const struct question *q);

/* The validator of that page: the etag of its kind of question. */
const char *pages_etag(const struct question *q);

/* Keep a page for the next session: a known one, or that of an answer, if it has a validator. */
void pages_keep_known(struct tags_task *t, const struct list_page *page);
void pages_keep(struct registry_session *s, struct question *q, const struct http_answer *answer,
                size_t n_items, const char *next);

#endif
