/* token_answer.h - what a token server answers.  Pure. */
#ifndef GEN_TOKEN_ANSWER_H
#define GEN_TOKEN_ANSWER_H

#include <stddef.h>

struct error;
struct str;

/*
 * Read the token into out (the caller wipes it after use), and how long it is valid.  If
 * the answer names no time, or less than 60 seconds, 60 seconds count.
 *
 * Units:     *expires_s in seconds from now.
 * Errors:    -1 and err set, out as it was, without the token's text in err.
 * Source:    distribution, docs/spec/auth/token.md and oauth.md.
 */
int token_answer_parse(struct str *out, long *expires_s, const char *body, size_t len,
                       struct error *err);

#endif
