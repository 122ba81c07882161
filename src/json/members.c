#include "json/members.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "json/doc.h"

#define KEY_SIZE 32	/* ours are shorter: a key that is cut off is not one of them */

/* ---- writing ---- */

static const void *
at(const void *object, size_t offset)
{
	return (const char *)object + offset;
}

static const char *
text_at(const void *object, size_t offset)
{
	return *(const char *const *)at(object, offset);
}

/* The key of a value, as its writer is to be told. */
static const char *
key_of(struct doc *d, const struct members_row *m)
{
	if (!d->dense)
		return m->key;
	doc_dense_key(d, m->quoted, m->quoted_len);
	return NULL;
}

static void
write_text(struct doc *d, const struct members_row *m, const char *text)
{
	if (text || !d->dense)
		doc_string(d, key_of(d, m), text);
}

static void
write_texts(struct doc *d, const struct members_row *m, const struct texts *texts)
{
	if (!texts->n && d->dense)
		return;
	doc_open(d, key_of(d, m), '[');
	for (size_t i = 0; i < texts->n; i++)
		doc_string(d, NULL, texts->list[i]);
	doc_close(d, ']');
}

static void
write_values(struct doc *d, const struct members_row *m, const struct values *values)
{
	if (!values->n && d->dense)
		return;
	doc_open(d, key_of(d, m), '{');
	for (size_t i = 0; i < values->n; i++)
		doc_string(d, values->list[i].name, values->list[i].value);
	doc_close(d, '}');
}

static void
write_object(struct doc *d, const struct members_row *m, const void *object)
{
	doc_open(d, key_of(d, m), '{');
	members_write(d, m->members, object);
	doc_close(d, '}');
}

static void
write_member(struct doc *d, const struct members_row *m, const void *object)
{
	const void *value = at(object, m->offset);

	switch (m->kind) {
	case MEMBER_TEXT:
		write_text(d, m, text_at(object, m->offset));
		break;
	case MEMBER_TEXTS:
		write_texts(d, m, value);
		break;
	case MEMBER_VALUES:
		write_values(d, m, value);
		break;
	case MEMBER_LONG:
		if (*(const long *)value || !d->dense)
			doc_long(d, key_of(d, m), *(const long *)value);
		break;
	case MEMBER_WORD:
		write_text(d, m, m->word(*(const unsigned *)value));
		break;
	case MEMBER_OBJECT:
		if (text_at(object, m->offset))
			write_object(d, m, object);
		else
			write_text(d, m, NULL);
		break;
	}
}

void
members_write(struct doc *d, const struct members_row *table, const void *object)
{
	for (const struct members_row *m = table; m->key; m++)
		if (d->dense || (!m->is_ours && (!m->with || text_at(object, m->with))))
			write_member(d, m, object);
}

/* ---- reading ---- */

int
members_wrong(const struct members_reader *r, const char *key, const char *reason)
{
	char place[64] = "";

	if (r->list)
		snprintf(place, sizeof(place), "/%s/%zu", r->list, r->index);
	return error_set(r->err, "%s: %s/%s%s%s: %s", r->file, place, r->outer ? r->outer : "",
	                 r->outer ? "/" : "", key, reason);
}

int
members_broken(const struct members_reader *r)
{
	return error_set(r->err, "%s: not the JSON that gen writes; run gen", r->file);
}

/* What comes is not of the kind that the key should have. */
static int
unexpected(const struct members_reader *r, enum piece piece, const char *key, const char *reason)
{
	return piece == PIECE_BROKEN ? members_broken(r) : members_wrong(r, key, reason);
}

/* The next key of an object; false at its end, or where the text is broken. */
static bool
next_key(struct members_reader *r, char key[KEY_SIZE], enum piece *piece)
{
	*piece = scanner_next(&r->scan);
	size_t len = r->scan.len < KEY_SIZE - 1 ? r->scan.len : KEY_SIZE - 1;
	memcpy(key, r->scan.text, len);
	key[len] = '\0';
	return *piece == PIECE_KEY;
}

/* A string that is longer than the scanner keeps: jansson reads it again. */
static const char *
copy_long(const struct members_reader *r, const char *start)
{
	start += strspn(start, " \t\r\n,");
	json_t *json = json_loadb(start, (size_t)(r->scan.p - start), JSON_DECODE_ANY, NULL);
	const char *text = arena_strdup(r->arena, json ? json_string_value(json) : "");

	json_decref(json);
	return text;
}

/* The string that came; start is where the scanner was before. */
static const char *
copy_text(const struct members_reader *r, const char *start)
{
	return r->scan.too_long ? copy_long(r, start) : arena_copy(r->arena, r->scan.text, r->scan.len);
}

static int
read_text(struct members_reader *r, const char *key, const char **out)
{
	const char *start = r->scan.p;
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_STRING && piece != PIECE_NULL)
		return unexpected(r, piece, key, "not a string");
	*out = piece == PIECE_STRING ? copy_text(r, start) : NULL;
	return 0;
}

static int
read_long(struct members_reader *r, const char *key, long *out)
{
	enum piece piece = scanner_next(&r->scan);
	double number = piece == PIECE_NUMBER ? scanner_number(&r->scan) : 0;

	if (piece != PIECE_NUMBER || number < -1e15 || number > 1e15)
		return unexpected(r, piece, key, "not a number");
	*out = (long)number;
	return 0;
}

static int
read_texts(struct members_reader *r, const char *key, struct texts *out)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_ARRAY)
		return unexpected(r, piece, key, "not an array");
	*out = (struct texts){ 0 };
	for (const char *start = r->scan.p; (piece = scanner_next(&r->scan)) == PIECE_STRING;
	     start = r->scan.p) {
		out->list = arena_grow(r->arena, out->list, out->n, sizeof(*out->list));
		out->list[out->n++] = copy_text(r, start);
	}
	return piece == PIECE_ARRAY_END ? 0 : unexpected(r, piece, key, "not an array of strings");
}

static int
read_values(struct members_reader *r, const char *key, struct values *out)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece != PIECE_OBJECT)
		return unexpected(r, piece, key, "not an object");
	*out = (struct values){ 0 };
	while ((piece = scanner_next(&r->scan)) == PIECE_KEY) {
		out->list = arena_grow(r->arena, out->list, out->n, sizeof(*out->list));
		struct name_value *v = &out->list[out->n++];
		v->name = arena_copy(r->arena, r->scan.text, r->scan.len);
		if (read_text(r, key, &v->value) < 0)
			return -1;
		if (!v->value)
			return members_wrong(r, key, "not an object of strings");
	}
	return piece == PIECE_OBJECT_END ? 0 : members_broken(r);
}

/* "neither build, skip nor hold" */
static int
wrong_word(const struct members_reader *r, const struct members_row *m, enum piece piece)
{
	struct str reason = { 0 };

	for (unsigned i = 0; i < m->n_words; i++)
		str_addf(&reason, "%s%s", !i ? "neither " : i + 1 < m->n_words ? ", " : " nor ",
		         m->word(i) ? m->word(i) : "null");
	unexpected(r, piece, m->key, str_text(&reason));
	str_dispose(&reason);
	return -1;
}

static int
read_word(struct members_reader *r, const struct members_row *m, unsigned *out)
{
	enum piece piece = scanner_next(&r->scan);

	for (unsigned i = 0; piece == PIECE_STRING && i < m->n_words; i++) {
		const char *word = m->word(i);
		if (word && strcmp(word, r->scan.text) == 0) {
			*out = i;
			return 0;
		}
	}
	if (m->word(0) || (piece != PIECE_NULL && piece != PIECE_STRING))
		return wrong_word(r, m, piece);
	*out = 0;
	return 0;
}

static int
read_object(struct members_reader *r, const struct members_row *m, void *object)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece == PIECE_NULL)
		return 0;
	if (piece != PIECE_OBJECT)
		return unexpected(r, piece, m->key, "not an object");
	r->outer = m->key;
	int ret = members_read(r, m->members, NULL, object);
	r->outer = NULL;
	return ret;
}

static int
read_member(struct members_reader *r, const struct members_row *m, void *object)
{
	void *value = (char *)object + m->offset;

	switch (m->kind) {
	case MEMBER_TEXT:
		return read_text(r, m->key, value);
	case MEMBER_TEXTS:
		return read_texts(r, m->key, value);
	case MEMBER_VALUES:
		return read_values(r, m->key, value);
	case MEMBER_LONG:
		return read_long(r, m->key, value);
	case MEMBER_WORD:
		return read_word(r, m, value);
	case MEMBER_OBJECT:
		break;
	}
	return read_object(r, m, object);
}

static int
skip(struct members_reader *r)
{
	enum piece piece = scanner_next(&r->scan);

	if (piece == PIECE_BROKEN ||
	    ((piece == PIECE_OBJECT || piece == PIECE_ARRAY) && !scanner_skip(&r->scan)))
		return members_broken(r);
	return 0;
}

/* From row on, since members come as they were written, and then from the first. */
static const struct members_row *
find_row(const struct members_row *table, const struct members_row *row, const char *key)
{
	for (const struct members_row *m = row; m->key; m++)
		if (strcmp(m->key, key) == 0)
			return m;
	for (const struct members_row *m = table; m < row; m++)
		if (strcmp(m->key, key) == 0)
			return m;
	return NULL;
}

int
members_read(struct members_reader *r, const struct members_row *table, members_other *other,
             void *object)
{
	const struct members_row *row = table;
	enum piece piece;
	char key[KEY_SIZE];

	while (next_key(r, key, &piece)) {
		const struct members_row *m = find_row(table, row, key);
		int ret = m ? read_member(r, m, object) : other ? other(r, key, object) : 0;
		if (ret < 0 || ret == MEMBERS_STOP)
			return ret;
		if (!m && ret == 0 && skip(r) < 0)
			return -1;
		row = m ? m + 1 : row;
	}
	return piece == PIECE_OBJECT_END ? 0 : members_broken(r);
}
