/* URLs: two lines, and whether the first may lead to the second. */
#include "fuzz.h"

#include "base/str.h"
#include "http/url.h"

static bool
read_origin(struct origin *o, const char *url)
{
	struct error err = { 0 };
	if (url_origin(o, url, &err) < 0) {
		MUST(*err.text);
		return false;
	}
	/* What is spelled out has the same origin, and nobody's name in it. */
	struct str text = { 0 };
	struct origin again;
	MUST(!strchr(o->host, '@') && !strchr(o->host, '/') && !strchr(o->host, '\\'));
	str_addf(&text, "%s://%s:%u/", o->https ? "https" : "http", o->host, o->port);
	MUST(url_origin(&again, str_text(&text), NULL) == 0);
	MUST(url_origin_equal(o, &again));
	MUST(!url_origin_is_loopback(o) || url_origin_is_private(o));
	str_dispose(&text);
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const char *lines[2];
	struct origin from, to;

	size_t n = fuzz_lines(lines, 2, data, size, &a);
	if (n == 2 && read_origin(&from, lines[0]) && read_origin(&to, lines[1]) &&
	    url_may_lead(&from, &to, false, NULL) == 0) {
		MUST(url_origin_is_safe(&to));
		MUST(to.https || !from.https);
		MUST(!url_origin_is_private(&to) || url_origin_is_private(&from));
	}
	arena_dispose(&a);
	return 0;
}
