#include "http/credential.h"

#include <string.h>

#include <nettle/base64.h>

#include "base/error.h"
#include "http/http_text.h"
#include "json/scanner.h"

static const char NOT_FOUND[] = "credentials not found in native keychain";
static const char IDENTITY_USER[] = "<token>";	/* this user's secret is an identity token */

bool
credential_has_password(const struct credential *c)
{
	return c->user.len && c->password.len;
}

bool
credential_is_empty(const struct credential *c)
{
	return c->user.len == 0 && c->password.len == 0 && c->identity_token.len == 0;
}

void
credential_take(struct credential *to, struct credential *from)
{
	*to = *from;
	*from = (struct credential){ 0 };
}

void
credential_wipe_str(struct str *s)
{
	if (s->data)
		explicit_bzero(s->data, s->cap);
	str_dispose(s);
}

void
credential_wipe(struct credential *c)
{
	credential_wipe_str(&c->user);
	credential_wipe_str(&c->password);
	credential_wipe_str(&c->identity_token);
}

void
credential_add_basic(struct str *out, const struct credential *c)
{
	struct str pair = { 0 };

	str_add_bytes(&pair, str_text(&c->user), c->user.len);
	str_add(&pair, ':');
	str_add_bytes(&pair, str_text(&c->password), c->password.len);
	str_adds(out, "Basic ");
	str_reserve(out, BASE64_ENCODE_RAW_LENGTH(pair.len));
	base64_encode_raw(out->data + out->len, pair.len, (const uint8_t *)pair.data);
	out->len += BASE64_ENCODE_RAW_LENGTH(pair.len);
	out->data[out->len] = '\0';
	credential_wipe_str(&pair);
}

/* User and password go into header lines, so they must not hold control characters. */
static bool
is_header_text(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)bytes[i] < ' ' || bytes[i] == 0x7f)
			return false;
	return true;
}

int
credential_parse_auth(struct credential *out, const char *auth, struct error *err)
{
	struct str text = { 0 };
	int ret = -1;

	if (!http_text_base64(&text, auth)) {
		error_set(err, "auth is not base64");
		goto out;
	}
	while (text.len && text.data[text.len - 1] == '\0')
		text.len--;
	const char *colon = text.len ? memchr(text.data, ':', text.len) : NULL;
	if (!colon || colon == text.data) {
		error_set(err, "auth is not user:password");
		goto out;
	}
	if (!is_header_text(text.data, text.len)) {
		error_set(err, "auth has control characters");
		goto out;
	}
	size_t user = (size_t)(colon - text.data);
	str_add_bytes(&out->user, text.data, user);
	str_add_bytes(&out->password, colon + 1, text.len - user - 1);
	ret = 0;
out:
	credential_wipe_str(&text);
	return ret;
}

struct helper_reader {
	struct scanner scan;
	struct str user, secret;
	bool has_user, has_secret;
};

static int
read_text(struct helper_reader *r, struct str *to, bool *has, const char *key, struct error *err)
{
	if (scanner_next(&r->scan) != PIECE_STRING)
		return error_set(err, "its %s is not a string", key);
	if (*has)
		return error_set(err, "it printed %s twice", key);
	if (r->scan.too_long)
		return error_set(err, "its %s is longer than %d bytes", key, SCANNER_TEXT);
	if (!is_header_text(r->scan.text, r->scan.len))
		return error_set(err, "its %s has control characters", key);
	str_add_bytes(to, r->scan.text, r->scan.len);
	*has = true;
	return 0;
}

static int
read_member(struct helper_reader *r, struct error *err)
{
	if (strcmp(r->scan.text, "Username") == 0)
		return read_text(r, &r->user, &r->has_user, "Username", err);
	if (strcmp(r->scan.text, "Secret") == 0)
		return read_text(r, &r->secret, &r->has_secret, "Secret", err);

	scanner_skip_value(&r->scan, scanner_next(&r->scan));
	return 0;
}

static int
read_helper(struct helper_reader *r, const char *output, size_t len, struct error *err)
{
	enum piece piece;

	scanner_start(&r->scan, output, len);
	if (scanner_next(&r->scan) != PIECE_OBJECT)
		return error_set(err, "it did not print a JSON object");
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY)
		if (read_member(r, err) < 0)
			return -1;
	if (piece != PIECE_OBJECT_END || scanner_next(&r->scan) != PIECE_END)
		return error_set(err, "it printed broken JSON");
	if (!r->has_user || !r->has_secret)
		return error_set(err, "it did not print both Username and Secret");
	return 0;
}

/* The length of output without blanks at its end. */
static size_t
trimmed(const char *output, size_t len)
{
	while (len && strchr(" \t\r\n", output[len - 1]))
		len--;
	return len;
}

/* Is output just these words, and perhaps blanks at its end? */
static bool
says(const char *output, size_t len, const char *words)
{
	len = trimmed(output, len);
	return len == strlen(words) && memcmp(output, words, len) == 0;
}

static void
keep_helper(struct credential *out, struct helper_reader *r)
{
	bool identity = says(str_text(&r->user), r->user.len, IDENTITY_USER);
	if (!identity) {
		out->user = r->user;
		r->user = (struct str){ 0 };
	}
	*(identity ? &out->identity_token : &out->password) = r->secret;
	r->secret = (struct str){ 0 };
}

int
credential_parse_helper(struct credential *out, const char *output, size_t len, bool ok,
                        struct error *err)
{
	if (!ok && says(output, len, NOT_FOUND))
		return 0;
	len = trimmed(output, len);
	if (!ok)
		return error_set(err, "it said \"%.*s\"", (int)(len < 120 ? len : 120), output);

	struct helper_reader r = { 0 };
	int ret = read_helper(&r, output, len, err);
	if (ret == 0 && r.secret.len && r.user.len) {
		keep_helper(out, &r);
		ret = 1;
	}
	credential_wipe_str(&r.user);
	credential_wipe_str(&r.secret);
	explicit_bzero(&r, sizeof(r));
	return ret;
}
