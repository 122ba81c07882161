/* Words for a person: what a session says about answers. */
#include "registry/registry_question.h"

#include <stdarg.h>
#include <time.h>

#include "registry/oci_error.h"

#define WORDS_MOST ((size_t)900)	/* what an error holds, and a place before it */

const char *
session_words(struct registry_session *s, const char *fmt, ...)
{
	struct str text = { 0 };
	va_list ap;

	va_start(ap, fmt);
	str_vaddf(&text, fmt, ap);
	va_end(ap);
	char *words = arena_copy(s->a, str_text(&text), text.len < WORDS_MOST ? text.len : WORDS_MOST);
	for (char *p = words; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	str_dispose(&text);
	return words;
}

const char *
session_words_until(struct registry_session *s, int64_t at_ms)
{
	int64_t wait_s = (at_ms - s->now.ms + 999) / 1000;
	time_t at = (time_t)(s->now.wall_s + wait_s);
	struct tm tm;
	char text[32] = "?";

	if (gmtime_r(&at, &tm))
		strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S UTC", &tm);
	return session_words(s, "asks us to wait until %s (%lld s)", text, (long long)wait_s);
}

const char *
session_words_status(struct registry_session *s, const char *what, const struct http_answer *answer)
{
	struct oci_error said;

	oci_error_parse(&said, answer->body, answer->len);
	return session_words(s, "%s: %s%s%s%s", what, http_status_text(answer->status, s->a),
	                     *said.words ? " (" : "", said.words, *said.words ? ")" : "");
}
