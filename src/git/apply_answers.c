#include "git/apply_answers.h"

#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/digest.h"
#include "base/str.h"

#define KEY_LEN (COMMIT_ID_HEX + DIGEST_SIZE)	/* a tree, a blank, a digest */

struct apply_answer {
	const char *tree;	/* NULL: refused */
	const char *why;	/* NULL: applied */
	bool asked;		/* in this run */
	UT_hash_handle hh;	/* by key */
	char key[KEY_LEN + 1];
};

static void
set_key(char key[KEY_LEN + 1], const char *before, const char *digest)
{
	strcpy(stpcpy(stpcpy(key, before), " "), digest);
}

static struct apply_answer *
new_answer(struct apply_answers *answers, const char *key, const char *tree, const char *why,
           struct arena *a)
{
	struct apply_answer *answer = arena_array(a, 1, sizeof(*answer));
	*answer = (struct apply_answer){ .tree = tree, .why = why };
	memcpy(answer->key, key, KEY_LEN);
	HASH_ADD_KEYPTR(hh, answers->known, answer->key, KEY_LEN, answer);
	return answer;
}

/* ---- reading ---- */

static bool
is_tree(const char *text, size_t len)
{
	return len >= COMMIT_ID_HEX && strspn(text, "0123456789abcdef") >= COMMIT_ID_HEX;
}

/* One line, ended by a NUL; false if it is not just as it should be. */
static bool
read_line(struct apply_answers *answers, char *line, struct arena *a)
{
	size_t len = strlen(line);
	const char *rest = line + KEY_LEN + 1;

	if (len < KEY_LEN + 2 || line[KEY_LEN] != ' ' || !is_tree(line, len) ||
	    line[COMMIT_ID_HEX] != ' ' || strncmp(line + COMMIT_ID_HEX + 1, "sha256:", 7) != 0 ||
	    strlen(line + COMMIT_ID_HEX + 1) < DIGEST_SIZE - 1)
		return false;
	if (rest[0] == '-' && rest[1] == ' ' && rest[2])
		new_answer(answers, line, NULL, rest + 2, a);
	else if (is_tree(rest, strlen(rest)) && !rest[COMMIT_ID_HEX])
		new_answer(answers, line, rest, NULL, a);
	else
		return false;
	return true;
}

static const char *
head(const char *git_version, struct str *scratch)
{
	str_clear(scratch);
	str_addf(scratch, "applied 1 %s\n", git_version);
	return str_text(scratch);
}

void
apply_answers_read(struct apply_answers *answers, const char *text, size_t len,
                   const char *git_version, struct arena *a)
{
	struct str scratch = { 0 };
	const char *wanted = head(git_version, &scratch);
	size_t head_len = strlen(wanted);
	bool good = len >= head_len && memcmp(text, wanted, head_len) == 0;
	str_dispose(&scratch);

	char *rest = NULL;
	char *line = good ? strtok_r(arena_copy(a, text + head_len, len - head_len), "\n", &rest) : NULL;
	while (line && read_line(answers, line, a))
		line = strtok_r(NULL, "\n", &rest);
}

/* ---- asking ---- */

static struct apply_answer *
find(struct apply_answers *answers, const char *before, const char *digest)
{
	char key[KEY_LEN + 1];
	struct apply_answer *found;

	set_key(key, before, digest);
	HASH_FIND(hh, answers->known, key, KEY_LEN, found);
	return found;
}

bool
apply_answers_find(const char **tree, const char **why, struct apply_answers *answers,
                   const char *before, const char *digest)
{
	struct apply_answer *found = find(answers, before, digest);
	if (!found)
		return false;
	found->asked = true;
	*tree = found->tree;
	*why = found->why;
	return true;
}

void
apply_answers_add(struct apply_answers *answers, const char *before, const char *digest,
                  const char *tree, const char *why, struct arena *a)
{
	struct apply_answer *old = find(answers, before, digest);
	char key[KEY_LEN + 1];

	if (old)
		HASH_DELETE(hh, answers->known, old);
	set_key(key, before, digest);
	char *words = why ? arena_strdup(a, why) : NULL;
	for (char *p = words; p && *p; p++)
		if (*p == '\n')
			*p = ' ';
	new_answer(answers, key, tree ? arena_strdup(a, tree) : NULL, words, a)->asked = true;
}

/* ---- writing ---- */

static int
by_key(const struct apply_answer *x, const struct apply_answer *y)
{
	return memcmp(x->key, y->key, KEY_LEN);
}

void
apply_answers_render(struct str *out, struct apply_answers *answers, const char *git_version)
{
	str_addf(out, "applied 1 %s\n", git_version);
	HASH_SORT(answers->known, by_key);
	for (struct apply_answer *x = answers->known; x; x = x->hh.next)
		if (x->asked)
			str_addf(out, "%s %s%s\n", x->key, x->tree ? "" : "- ", x->tree ? x->tree : x->why);
}

void
apply_answers_dispose(struct apply_answers *answers)
{
	HASH_CLEAR(hh, answers->known);
}
