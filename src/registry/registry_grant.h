/* registry_grant.h - rights: how we get and lose them, and what that does to questions.  Pure. */
#ifndef GEN_REGISTRY_GRANT_H
#define GEN_REGISTRY_GRANT_H

#include "registry/registry_memory.h"
#include "registry/registry_question.h"

/* For a new session: a grant that failed or was never decided begins again. */
void grant_reopen(struct grant *g);

/* Its authorization is set: all questions, the held ones too, are asked with it. */
void grant_ready(struct registry_session *s, struct grant *g);

/* There are no credentials: the 404s of the held questions count. */
void grant_believe_404(struct registry_session *s, struct grant *g);

/* All its questions will fail with why. */
void grant_fail(struct registry_session *s, struct grant *g, const char *why, enum refusal refused);

/* The `fail` of questions that are asked for the sake of their grant. */
void grant_question_fail(struct registry_session *s, struct question *q, const char *why,
                         enum refusal refused);

/*
 * q was answered with the registry's own 404.  If credentials could change that, q is held
 * until it is known whether there are some; false: the 404 counts.
 */
bool grant_holds_404(struct question *q);

/* Words about a refusal, what it may mean and what to do. */
const char *grant_words_refused(struct registry_session *s, const struct grant *g,
                                const char *words);

/* registry_token.c: ask for a token, as the challenge and the credential say. */
void token_ask(struct registry_session *s, struct grant *g);

/* registry_login.c: may its questions be asked?  If its token has expired, ask for a new one. */
enum may_start login_may_ask(struct registry_session *s, struct grant *g);

/* The registry answered q with 401: meet its challenge, or fail. */
void login_refused(struct registry_session *s, struct question *q,
                   const struct http_answer *answer);

#endif
