#include "registry/wheel.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/image_ref.h"
#include "base/str.h"
#include "http/http_answer.h"
#include "http/http_text.h"
#include "http/url.h"

#define COMMIT "{commit}"
#define SHA256_BYTES 32

/* ---- where ---- */

const char *
wheel_url(const char *template, const struct commit_id *commit, struct arena *a)
{
	struct str url = { 0 };
	const char *at;

	for (; (at = strstr(template, COMMIT)); template = at + strlen(COMMIT)) {
		str_add_bytes(&url, template, (size_t)(at - template));
		str_adds(&url, commit->hex);
	}
	str_adds(&url, template);
	const char *text = arena_copy(a, str_text(&url), url.len);
	str_dispose(&url);
	return text;
}

bool
wheel_template_valid(const char *template)
{
	static const struct commit_id some = { "0123456789abcdef0123456789abcdef01234567" };
	struct arena a = { 0 };
	struct origin origin;
	const char *url = wheel_url(template, &some, &a);

	bool valid = strstr(template, COMMIT) && url_origin(&origin, url, NULL) == 0 &&
	             url_origin_is_safe(&origin);
	arena_dispose(&a);
	return valid;
}

/* ---- what a server says ---- */

/* "sha256:..." for the base64 text of such a digest; NULL for any other text. */
static const char *
digest_of_base64(const char *text, size_t len, struct arena *a)
{
	struct str bytes = { 0 }, hex = { 0 };
	const char *digest = NULL;

	if (http_text_base64(&bytes, arena_copy(a, text, len)) && bytes.len == SHA256_BYTES) {
		for (size_t i = 0; i < bytes.len; i++)
			str_addf(&hex, "%02x", (unsigned char)bytes.data[i]);
		digest = arena_printf(a, "sha256:%s", str_text(&hex));
	}
	str_dispose(&bytes);
	str_dispose(&hex);
	return digest;
}

static const char *
digest_said(const struct http_answer *answer, struct arena *a)
{
	static const char key[] = "sha-256=:";
	const char *value = http_answer_header(answer, "Repr-Digest");
	const char *at = value ? strstr(value, key) : NULL;

	if (at) {
		at += strlen(key);
		return digest_of_base64(at, strcspn(at, ":"), a);
	}
	value = http_answer_header(answer, "X-Checksum-Sha256");
	const char *digest = value ? arena_printf(a, "sha256:%s", value) : "";
	return image_ref_digest_valid(digest) ? digest : NULL;
}

bool
wheel_take_answer(struct wheel *w, const struct http_answer *answer, struct arena *a)
{
	w->verdict = VERDICT_UNKNOWN;
	w->digest = w->reason = NULL;
	if (answer->outcome != HTTP_ANSWERED) {
		w->reason = arena_strdup(a, answer->words);
		return answer->outcome != HTTP_IMPOSSIBLE;
	}
	switch (answer->status) {
	case 200:
		w->verdict = VERDICT_PRESENT;
		w->digest = digest_said(answer, a);
		return false;
	case 403:
	case 404:
	case 410:
		w->verdict = VERDICT_ABSENT;
		return false;
	}
	w->reason = http_status_text(answer->status, a);
	return answer->status == 408 || answer->status == 429 || answer->status >= 500;
}

/* ---- the last answers ---- */

static int
by_url(const void *x, const void *y)
{
	const struct wheel *a = x, *b = y;
	return strcmp(a->url, b->url);
}

/* Read one line; false if it is not of this form. */
static bool
read_line(struct wheel *out, char *line)
{
	char *digest = strchr(line, ' '), *url = digest ? strchr(digest + 1, ' ') : NULL;

	if (!url)
		return false;
	*digest++ = *url++ = '\0';
	*out = (struct wheel){ .url = url };
	if (!verdict_parse(&out->verdict, line) || out->verdict == VERDICT_UNKNOWN)
		return false;
	if (strcmp(digest, "-") == 0)
		return true;
	out->digest = digest;
	return image_ref_digest_valid(digest);
}

/* All wheels of a text, sorted by URL, and room for more of them. */
static struct wheel *
read_all(size_t *n, const char *text, size_t more, struct arena *a)
{
	size_t lines = 1;
	for (const char *p = text; (p = strchr(p, '\n')); p++)
		lines++;
	struct wheel *list = arena_array(a, lines + more, sizeof(*list));

	*n = 0;
	for (char *line = arena_strdup(a, text), *end; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		*n += read_line(&list[*n], line);
	}
	if (*n)
		qsort(list, *n, sizeof(*list), by_url);
	return list;
}

static struct wheel *
find(struct wheel *list, size_t n, const struct wheel *wanted)
{
	return n ? bsearch(wanted, list, n, sizeof(*list), by_url) : NULL;
}

void
wheels_render(struct str *out, const struct wheel *wheels, size_t n, const char *old, struct arena *a)
{
	size_t known, all;
	struct wheel *list = read_all(&known, old, n, a);

	all = known;
	for (size_t i = 0; i < n; i++) {
		if (wheels[i].verdict == VERDICT_UNKNOWN)
			continue;
		struct wheel *before = find(list, known, &wheels[i]);
		*(before ? before : &list[all++]) = wheels[i];
	}
	if (all)
		qsort(list, all, sizeof(*list), by_url);
	for (size_t i = 0; i < all; i++)
		str_addf(out, "%s %s %s\n", verdict_name(list[i].verdict),
		         list[i].digest ? list[i].digest : "-", list[i].url);
}

void
wheels_recall(struct wheel *wheels, size_t n, const char *text, struct arena *a)
{
	size_t known;
	struct wheel *list = read_all(&known, text, 0, a);

	for (size_t i = 0; i < n; i++) {
		const struct wheel *last = find(list, known, &wheels[i]);
		if (last) {
			wheels[i].verdict = last->verdict;
			wheels[i].digest = last->digest;
			wheels[i].reason = NULL;
		} else {
			wheels[i].verdict = VERDICT_UNKNOWN;
			wheels[i].digest = NULL;
			wheels[i].reason = "there is no earlier answer";
		}
	}
}
