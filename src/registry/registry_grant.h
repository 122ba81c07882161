/* registry_grant.h - rights: how they are had and lost, and what that does to questions.  Pure. */
#ifndef GEN_REGISTRY_GRANT_H
#define GEN_REGISTRY_GRANT_H

#include "registry/registry_memory.h"
#include "registry/registry_question.h"

/* For a new session: what failed, or did not come to an end, begins again. */
void grant_reopen(struct grant *g);

/* The authorization is set: what is held, and all that waits, is asked with it. */
void grant_ready(struct registry_session *s, struct grant *g);

/* There are no credentials to ask better with: the 404s of what is held count. */
void grant_believe_404(struct registry_session *s, struct grant *g);

/* Every question that needs it fails with why. */
void grant_fail(struct registry_session *s, struct grant *g, const char *why, enum refusal refused);

/* The fail of a question that is asked for its grant. */
void grant_question_fail(struct registry_session *s, struct question *q, const char *why,
                         enum refusal refused);

/*
 * q was answered with the registry's own 404.  If credentials could change that, q is held
 * until it is known whether there are some; false: the 404 counts.
 */
bool grant_holds_404(struct question *q);

/* Words for a refusal: what it may mean, and what to do. */
const char *grant_words_refused(struct registry_session *s, const struct grant *g,
                                const char *words);

/* registry_token.c: ask for a token, with what the challenge and the credential say. */
void token_ask(struct registry_session *s, struct grant *g);

/* registry_login.c: may questions be asked?  A token that has expired is asked for anew. */
enum may_start login_may_ask(struct registry_session *s, struct grant *g);

/* The registry answered q with 401: meet its challenge, or fail. */
void login_refused(struct registry_session *s, struct question *q,
                   const struct http_answer *answer);

#endif
