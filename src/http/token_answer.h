/* token_answer.h - what a token server answers.  Pure. */
#ifndef GEN_TOKEN_ANSWER_H
#define GEN_TOKEN_ANSWER_H

#include <stddef.h>

struct error;
struct str;

/*
 * Read the token into out (wipe it after use) and for how long it is good.  An
 * answer that names no time, or less than 60 seconds, means 60.
 *
 * Units:     *expires_s in seconds from now.
 * Errors:    -1 and err set, out as it was, without the token's text in err.
 * Source:    distribution, docs/spec/auth/token.md and oauth.md.
 */
int token_answer_parse(struct str *out, long *expires_s, const char *body, size_t len,
                       struct error *err);

#endif
