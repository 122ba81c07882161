/* Commits. */
#include "git/gitrepo.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "git/gitrepo_lib.h"

#define CANDIDATES_SHOWN 8u

struct candidates {
	char hex[CANDIDATES_SHOWN][COMMIT_ID_HEX + 1];
	size_t n;
};

static bool
is_commit(struct gitrepo *g, const git_oid *oid)
{
	size_t len;
	git_object_t type;
	return git_odb_read_header(&len, &type, g->odb, oid) == 0 && type == GIT_OBJECT_COMMIT;
}

/* 0 one object, GIT_EAMBIGUOUS several, GIT_ENOTFOUND none, else an error. */
static int
find_prefix(git_oid *out, struct gitrepo *g, const char *hex, size_t len)
{
	git_oid start;
	int ret = git_oid_fromstrn(&start, hex, len);
	return ret < 0 ? ret : git_odb_exists_prefix(out, g->odb, &start, len);
}

/*
 * Gather the commits whose id starts with the len digits in hex, by trying every
 * next digit: some dozen lookups, where a walk over all objects would take as
 * long as the clone is large.
 */
static void
gather_candidates(struct candidates *c, struct gitrepo *g, char hex[COMMIT_ID_HEX + 1],
                  size_t len)
{
	for (const char *digit = "0123456789abcdef"; *digit && c->n < CANDIDATES_SHOWN; digit++) {
		git_oid oid;
		hex[len] = *digit;
		int ret = find_prefix(&oid, g, hex, len + 1);
		if (ret == 0 && is_commit(g, &oid))
			git_oid_tostr(c->hex[c->n++], COMMIT_ID_HEX + 1, &oid);
		else if (ret == GIT_EAMBIGUOUS)
			gather_candidates(c, g, hex, len + 1);
	}
	hex[len] = '\0';
}

static int
ambiguous(const struct candidates *c, const char *prefix, struct error *err)
{
	struct str list = { 0 };
	for (size_t i = 0; i < c->n; i++)
		str_addf(&list, "%s%s", i ? ", " : "", c->hex[i]);
	if (c->n == CANDIDATES_SHOWN)
		str_adds(&list, " and perhaps more");
	error_set(err, "\"%s\" is ambiguous: %s", prefix, str_text(&list));
	str_dispose(&list);
	return -1;
}

static int
resolve_ambiguous(struct commit_id *out, struct gitrepo *g, char hex[COMMIT_ID_HEX + 1],
                  struct error *err)
{
	struct candidates c = { .n = 0 };
	gather_candidates(&c, g, hex, strlen(hex));
	git_error_clear();
	if (c.n > 1)
		return ambiguous(&c, hex, err);
	if (c.n == 1)
		memcpy(out->hex, c.hex[0], sizeof(out->hex));
	return (int)c.n;
}

int
gitrepo_resolve(struct commit_id *out, struct gitrepo *g, const char *prefix, struct error *err)
{
	char hex[COMMIT_ID_HEX + 1];
	if (commit_id_parse_prefix(hex, prefix, err) < 0)
		return -1;

	git_oid oid;
	int ret = find_prefix(&oid, g, hex, strlen(hex));
	if (ret == GIT_EAMBIGUOUS)
		return resolve_ambiguous(out, g, hex, err);
	if (ret < 0 && ret != GIT_ENOTFOUND)
		return gitrepo_lib_error(err, "%s: %s", g->path, hex);
	if (ret == GIT_ENOTFOUND) {
		git_error_clear();
		return 0;
	}
	/* Damaged is not missing: nobody would look for the reason in the clone. */
	size_t size;
	git_object_t type;
	if (git_odb_read_header(&size, &type, g->odb, &oid) < 0)
		return gitrepo_lib_error(err, "%s: %s", g->path, hex);
	if (type != GIT_OBJECT_COMMIT)
		return 0;
	git_oid_tostr(out->hex, sizeof(out->hex), &oid);
	return 1;
}

static void
read_commit(struct commit_info *info, const git_commit *commit, struct arena *a)
{
	*info = (struct commit_info){
		.n_parents = git_commit_parentcount(commit),
		.time_s = git_commit_time(commit),
	};
	git_oid_tostr(info->tree.hex, sizeof(info->tree.hex), git_commit_tree_id(commit));
	if (info->n_parents)
		git_oid_tostr(info->first_parent.hex, sizeof(info->first_parent.hex),
		              git_commit_parent_id(commit, 0));
	const char *message = git_commit_message(commit);
	info->subject = arena_copy(a, message, strcspn(message, "\r\n"));
}

int
gitrepo_commit_info(struct commit_info *info, struct gitrepo *g, const struct commit_id *id,
                    struct arena *a, struct error *err)
{
	git_oid oid;
	git_commit *commit;
	if (gitrepo_parse_oid(&oid, id->hex, err) < 0)
		return -1;
	if (git_commit_lookup(&commit, g->handle, &oid) < 0)
		return gitrepo_lib_error(err, "commit %s", id->hex);
	read_commit(info, commit, a);
	git_commit_free(commit);
	return 0;
}

bool
gitrepo_has(struct gitrepo *g, const char *hex)
{
	git_oid oid;
	return git_oid_fromstr(&oid, hex) == 0 && git_odb_exists(g->odb, &oid) == 1;
}

int
gitrepo_find_commit(struct commit_info *info, struct gitrepo *g, const char *hex,
                    struct arena *a, struct error *err)
{
	git_oid oid;
	git_commit *commit;
	struct commit_id id;

	if (git_oid_fromstr(&oid, hex) == 0 && git_commit_lookup(&commit, g->handle, &oid) == 0) {
		read_commit(info, commit, a);
		git_commit_free(commit);
		return 1;
	}
	git_error_clear();
	int found = gitrepo_resolve(&id, g, hex, err);	/* says why not */
	if (found > 0 && gitrepo_commit_info(info, g, &id, a, err) < 0)
		return -1;
	return found;
}
