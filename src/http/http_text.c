#include "http/http_text.h"

#include <stdint.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include <nettle/base64.h>

#include "base/arena.h"
#include "base/str.h"

#define WAIT_MOST_S ((int64_t)10 * 365 * 24 * 3600)

static const char TOKEN_CHARS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                                  "0123456789!#$%&'*+-.^_`|~";

const char *
http_text_token(const char **out, const char *p, struct arena *a)
{
	size_t n = strspn(p, TOKEN_CHARS);
	if (n == 0)
		return NULL;
	*out = arena_copy(a, p, n);
	return p + n;
}

const char *
http_text_value(const char **out, const char *p, struct arena *a)
{
	if (*p != '"')
		return http_text_token(out, p, a);

	char *text = arena_alloc(a, strlen(p));
	size_t n = 0;
	for (p++; *p != '"'; p++) {
		if (*p == '\\')
			p++;
		if (!*p || ((unsigned char)*p < ' ' && *p != '\t') || *p == 0x7f)
			return NULL;
		text[n++] = *p;
	}
	*out = text;
	return p + 1;
}

bool
http_text_base64(struct str *out, const char *text)
{
	struct base64_decode_ctx ctx;
	size_t len = strlen(text), n = 0;

	if (strpbrk(text, " \t\n\v\f\r"))
		return false;	/* nettle would pass over them */
	base64_decode_init(&ctx);
	str_reserve(out, BASE64_DECODE_LENGTH(len));
	if (!base64_decode_update(&ctx, &n, (uint8_t *)out->data + out->len, len, text))
		return false;
	out->len += n;
	out->data[out->len] = '\0';
	return base64_decode_final(&ctx) || (!ctx.padding && len % 4 > 1);
}

static bool
parse_seconds(int64_t *out, const char *value)
{
	int64_t s = 0;
	if (!*value)
		return false;
	for (; *value; value++) {
		if (*value < '0' || *value > '9')
			return false;
		if (s < WAIT_MOST_S)
			s = s * 10 + (*value - '0');
	}
	*out = s;
	return true;
}

/* strptime asks the locale for names; the program never leaves the C locale. */
static bool
parse_date(int64_t *out, const char *value)
{
	static const char *const forms[] = {
		"%a, %d %b %Y %H:%M:%S GMT",	/* as all should write it */
		"%A, %d-%b-%y %H:%M:%S GMT",
		"%a %b %d %H:%M:%S %Y",
	};
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct tm tm = { 0 };
		const char *end = strptime(value, forms[i], &tm);
		if (end && !*end) {
			*out = timegm(&tm);
			return true;
		}
	}
	return false;
}

bool
http_text_retry_after(int64_t *wait_s, const char *value, int64_t now_s)
{
	int64_t date, wait;

	if (!parse_seconds(&wait, value)) {
		if (!parse_date(&date, value))
			return false;
		wait = date - now_s;
	}
	if (wait < 0)
		wait = 0;
	*wait_s = wait < WAIT_MOST_S ? wait : WAIT_MOST_S;
	return true;
}
