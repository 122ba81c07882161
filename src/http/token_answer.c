#include "http/token_answer.h"

#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "json/scanner.h"

#define LEAST_S 60L
#define MOST_S (24L * 3600)

struct reader {
	struct scanner scan;
	char token[SCANNER_TEXT + 1], access_token[SCANNER_TEXT + 1];
	long expires_s;
};

/* A token goes into a header line: nothing may end that line, or split it. */
static bool
is_printable(const char *text)
{
	for (; *text; text++)
		if (*text <= ' ' || *text > '~')
			return false;
	return true;
}

static int
read_token(struct reader *r, char *into, const char *key, struct error *err)
{
	enum piece piece = scanner_next(&r->scan);
	if (piece == PIECE_NULL)
		return 0;
	if (piece != PIECE_STRING)
		return error_set(err, "has a \"%s\" that is not a string", key);
	if (*into)
		return error_set(err, "has \"%s\" twice", key);
	if (r->scan.too_long)
		return error_set(err, "has a \"%s\" of more than %d bytes", key, SCANNER_TEXT);
	if (!is_printable(r->scan.text))
		return error_set(err, "has a \"%s\" with blanks or control characters", key);
	memcpy(into, r->scan.text, r->scan.len + 1);
	return 0;
}

static int
read_member(struct reader *r, struct error *err)
{
	if (strcmp(r->scan.text, "token") == 0)
		return read_token(r, r->token, "token", err);
	if (strcmp(r->scan.text, "access_token") == 0)
		return read_token(r, r->access_token, "access_token", err);

	bool expires = strcmp(r->scan.text, "expires_in") == 0;
	enum piece piece = scanner_next(&r->scan);
	double seconds = expires && piece == PIECE_NUMBER ? scanner_number(&r->scan) : 0;
	if (seconds > (double)LEAST_S)
		r->expires_s = seconds < (double)MOST_S ? (long)seconds : MOST_S;
	return scanner_skip_value(&r->scan, piece) ? 0 : error_set(err, "is not JSON");
}

static int
read_answer(struct reader *r, const char *body, size_t len, struct error *err)
{
	enum piece piece;

	scanner_start(&r->scan, body, len);
	if (scanner_next(&r->scan) != PIECE_OBJECT)
		return error_set(err, "is not a JSON object");
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY)
		if (read_member(r, err) < 0)
			return -1;
	if (piece != PIECE_OBJECT_END || scanner_next(&r->scan) != PIECE_END)
		return error_set(err, "is not JSON");

	if (!*r->token && !*r->access_token)
		return error_set(err, "has no token");
	if (*r->token && *r->access_token && strcmp(r->token, r->access_token) != 0)
		return error_set(err, "has two different tokens");
	return 0;
}

int
token_answer_parse(struct str *out, long *expires_s, const char *body, size_t len,
                   struct error *err)
{
	struct reader r = { .expires_s = LEAST_S };

	int ret = read_answer(&r, body, len, err);
	if (ret == 0) {
		str_adds(out, *r.token ? r.token : r.access_token);
		*expires_s = r.expires_s;
	}
	explicit_bzero(&r, sizeof(r));
	return ret;
}
