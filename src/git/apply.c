#include "git/apply.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "git/apply_answers.h"
#include "git/gitrepo.h"
#include "git/gitrepo_part.h"
#include "os/capture.h"
#include "os/file.h"
#include "os/tree.h"

#define ANSWERS "answers"
#define OUTPUT_MOST ((size_t)256 * 1024 * 1024)
#define DEADLINE_S 3600.0
#define WORDS_MOST 3	/* lines of git's that a message repeats */

/* In a tree's .gitattributes these would change what git reads and writes; ours outrank it. */
#define ATTRIBUTES \
	"* !export-ignore !export-subst !text !crlf !eol !ident !filter !working-tree-encoding " \
	"!whitespace\n"

struct apply {
	struct gitrepo *g;
	const char *folder;	/* where answers and trees are kept */
	bool dry;		/* folder is only read */
	const char *work;	/* where git works: folder, or a temporary one; NULL: not made yet */
	char *environment[8];
	const char *git_version;	/* NULL: not started yet */
	struct apply_answers answers;
	struct arena arena;	/* of all that lives as long as this */
};

struct apply *
apply_open(struct gitrepo *g, const char *folder, bool dry)
{
	struct apply *ap = memory_resize(NULL, sizeof(*ap));
	*ap = (struct apply){ .g = g, .folder = folder, .dry = dry };
	return ap;
}

void
apply_close(struct apply *ap)
{
	if (!ap)
		return;
	if (ap->dry && ap->work)
		tree_remove(ap->work, NULL);
	apply_answers_dispose(&ap->answers);
	arena_dispose(&ap->arena);
	free(ap);
}

/* ---- the repository that git works in ---- */

static const char *
file_in(struct apply *ap, const char *folder, const char *name)
{
	return arena_printf(&ap->arena, "%s/%s", folder, name);
}

static int
make_temporary(struct apply *ap, struct error *err)
{
	const char *where = getenv("TMPDIR");
	char *folder = arena_printf(&ap->arena, "%s/stampmill.XXXXXX", where && *where ? where : "/tmp");
	if (!mkdtemp(folder))
		return error_set(err, "%s: %s", folder, strerror(errno));
	ap->work = folder;
	return 0;
}

/* What git knows of the world: where its repository is, and nothing of the user's. */
static void
set_environment(struct apply *ap, const char *folder)
{
	const char *path = getenv("PATH");
	char **e = ap->environment;
	*e++ = arena_printf(&ap->arena, "PATH=%s", path ? path : "/usr/bin:/bin");
	*e++ = arena_printf(&ap->arena, "GIT_DIR=%s", folder);
	*e++ = "LC_ALL=C";
	*e++ = "HOME=/nonexistent";
	*e++ = "GIT_CONFIG_NOSYSTEM=1";
	*e++ = "GIT_CONFIG_GLOBAL=/dev/null";
	*e++ = "GIT_ATTR_NOSYSTEM=1";
	*e = NULL;
}

static int
write_file(struct apply *ap, const char *name, const char *text, struct error *err)
{
	return file_replace(file_in(ap, ap->work, name), text, strlen(text), err);
}

static int
make_repository(struct apply *ap, struct error *err)
{
	if (ap->dry && make_temporary(ap, err) < 0)
		return -1;
	if (!ap->dry)
		ap->work = ap->folder;
	const char *objects = file_in(ap, ap->work, "objects");
	if (tree_make(objects, err) < 0 || tree_make(file_in(ap, ap->work, "refs"), err) < 0 ||
	    write_file(ap, "HEAD", "ref: refs/heads/none\n", err) < 0 ||
	    write_file(ap, "info/attributes", ATTRIBUTES, err) < 0 ||
	    gitrepo_keep_in(ap->g, objects, err) < 0)
		return -1;
	set_environment(ap, ap->work);
	return 0;
}

/* ---- asking git ---- */

/* Run git with the patch as its input.  Returns its exit status, or -1 and err set. */
static int
run_git(struct str *out, const struct apply *ap, char *const *argv, bool words, const char *patch,
        size_t len, struct error *err)
{
	struct capture c = {
		.argv = argv, .environment = ap->environment, .input = patch, .input_len = len,
		.limit = OUTPUT_MOST, .deadline_s = DEADLINE_S,
		.quiet = !words, .stderr_too = words,
	};
	int status = capture_run(out, &c, err);
	return status == 127 ? error_set(err, "git is not installed") : status;
}

/* Does the patch give a file another name, or a copy?  git names only one of the two then. */
static bool
may_rename(const char *patch, size_t len)
{
	return memmem(patch, len, "rename ", 7) || memmem(patch, len, "copy ", 5);
}

/* Add the paths of `git apply --numstat -z`: "added TAB deleted TAB path NUL". */
static void
add_paths(struct gitrepo_part *part, const char *text, size_t len)
{
	for (const char *end = text + len; text < end; text += strlen(text) + 1) {
		const char *path = strchr(text, '\t');
		path = path ? strchr(path + 1, '\t') : NULL;
		if (path)
			gitrepo_part_add(part, path + 1);
	}
}

/*
 * A binary file's patch may hold no data, only whole ids, "index OLD..NEW": git takes it where it
 * has these objects.  Returns whether the clone has all that are named.
 */
static bool
add_named_objects(struct gitrepo_part *part, const char *patch, size_t len)
{
	static const char index[] = "\nindex ", digits[] = "0123456789abcdef";
	bool all = true;

	for (const char *end = patch + len, *at; (at = memmem(patch, (size_t)(end - patch), index, 7)); ) {
		patch = at + 7;
		for (size_t i = 0; i < 2 && end - patch > COMMIT_ID_HEX; i++) {
			char hex[COMMIT_ID_HEX + 1] = "";
			memcpy(hex, patch, COMMIT_ID_HEX);
			if (strspn(hex, digits) < COMMIT_ID_HEX)
				break;
			if (strspn(hex, "0") < COMMIT_ID_HEX)
				all &= gitrepo_part_add_object(part, hex);
			patch += COMMIT_ID_HEX + 2;
		}
	}
	return all;
}

/* Tell the part which paths a patch names.  A patch that git cannot read names none. */
static int
find_paths(struct gitrepo_part *part, const struct apply *ap, const char *patch, size_t len,
           struct error *err)
{
	static char *const forward[] = { "git", "apply", "--numstat", "-z", NULL };
	static char *const reverse[] = { "git", "apply", "--numstat", "-z", "-R", NULL };
	struct str out = { 0 };
	int status = run_git(&out, ap, forward, false, patch, len, err);
	if (status == 0 && may_rename(patch, len))
		status = run_git(&out, ap, reverse, false, patch, len, err);
	if (status == 0 && out.len)
		add_paths(part, out.data, out.len);
	str_dispose(&out);
	return status < 0 ? -1 : 0;
}

/*
 * What "error: a: does not exist in index" says after its first word; NULL for a warning, and
 * for "a: patch does not apply", which follows on a line that says where.
 */
static const char *
complaint(const char *line)
{
	static const char again[] = ": patch does not apply";
	size_t len = strlen(line);

	if (strncmp(line, "error: ", 7) != 0 && strncmp(line, "fatal: ", 7) != 0)
		return NULL;
	if (len >= sizeof(again) && strcmp(line + len - strlen(again), again) == 0)
		return NULL;
	return line + 7;
}

/* Git's reasons, in its own words, on one line. */
static int
refused(struct str *words, struct error *why)
{
	struct str text = { 0 };
	char *rest = NULL;
	int n = 0;
	for (char *line = words->len ? strtok_r(words->data, "\n", &rest) : NULL; line && n < WORDS_MOST;
	     line = strtok_r(NULL, "\n", &rest)) {
		const char *said = complaint(line);
		if (said)
			str_addf(&text, "%s%s", n++ ? "; " : "", said);
	}
	error_set(why, "%s", n ? str_text(&text) : "git apply refuses it");
	str_dispose(&text);
	return 0;
}

/* Have git apply the patch to the index.  Returns 1, 0 and why set, -1 and why set. */
static int
change_index(const struct apply *ap, const char *patch, size_t len, struct error *why)
{
	static char *const argv[] = { "git", "apply", "--cached", "--whitespace=nowarn", NULL };
	struct str words = { 0 };
	int status = run_git(&words, ap, argv, true, patch, len, why);
	int ret = status == 0 ? 1 : status < 0 ? -1 : refused(&words, why);
	str_dispose(&words);
	return ret;
}

/* ---- what was asked before ---- */

static int
ask_version(struct apply *ap, struct error *err)
{
	static char *const argv[] = { "git", "version", NULL };
	struct str out = { 0 };
	int status = run_git(&out, ap, argv, false, "", 0, err);
	if (status == 0 && out.len)
		ap->git_version = arena_copy(&ap->arena, out.data, strcspn(out.data, "\n"));
	str_dispose(&out);
	if (status < 0)
		return -1;
	return ap->git_version ? 0 : error_set(err, "git does not tell its version");
}

/* The answers and trees of earlier runs. */
static int
start(struct apply *ap, struct error *err)
{
	const char *objects = file_in(ap, ap->folder, "objects"), *text;
	size_t len;

	set_environment(ap, ap->folder);
	if (ask_version(ap, err) < 0)
		return -1;
	int there = file_read_if_there(&text, &len, file_in(ap, ap->folder, ANSWERS), 0, &ap->arena, err);
	if (there < 0 || (there > 0 && file_is_folder(objects) && gitrepo_read_also(ap->g, objects, err) < 0))
		return -1;
	if (there > 0)
		apply_answers_read(&ap->answers, text, len, ap->git_version, &ap->arena);
	return 0;
}

/* Is it known what git says, and is the tree that it says still there? */
static bool
recall(struct tree_id *out, int *ret, struct apply *ap, const struct tree_id *tree,
       const char *digest, struct error *why)
{
	const char *after, *words;

	if (!apply_answers_find(&after, &words, &ap->answers, tree->hex, digest) ||
	    (after && !gitrepo_has(ap->g, after)))
		return false;
	*ret = after != NULL;
	if (after)
		memcpy(out->hex, after, sizeof(out->hex));
	else
		error_set(why, "%s", words);
	return true;
}

int
apply_keep(struct apply *ap, struct error *err)
{
	struct str text = { 0 };
	const char *path = file_in(ap, ap->folder, ANSWERS);

	if (ap->dry || !ap->git_version)
		return 0;
	if (ap->work && tree_sync(ap->work, err) < 0)
		return -1;
	apply_answers_render(&text, &ap->answers, ap->git_version);
	int ret = file_replace(path, str_text(&text), text.len, err);
	str_dispose(&text);
	return ret < 0 ? -1 : 0;
}

/* ---- one patch ---- */

static int
apply_to_part(struct tree_id *out, bool *lasting, struct apply *ap, struct gitrepo_part *part,
              const char *patch, size_t len, struct error *why)
{
	const char *index = file_in(ap, ap->work, "index");
	bool all = add_named_objects(part, patch, len);
	if (find_paths(part, ap, patch, len, why) < 0 || gitrepo_part_write(part, index, why) < 0)
		return -1;
	int ret = change_index(ap, patch, len, why);
	*lasting = ret > 0 || (ret == 0 && all);
	return ret > 0 && gitrepo_part_tree(out, part, index, why) < 0 ? -1 : ret;
}

/* *lasting: the answer stays true, whatever comes into the clone. */
static int
ask(struct tree_id *out, bool *lasting, struct apply *ap, const struct tree_id *tree,
    const char *patch, size_t len, struct error *why)
{
	struct gitrepo_part *part;

	if ((!ap->work && make_repository(ap, why) < 0) ||
	    gitrepo_part_new(&part, ap->g, tree, why) < 0)
		return -1;
	int ret = apply_to_part(out, lasting, ap, part, patch, len, why);
	gitrepo_part_free(part);
	if (ret <= 0 || strcmp(out->hex, tree->hex) != 0)
		return ret;
	error_set(why, "changes nothing");
	return 0;
}

int
apply_patch(struct tree_id *out, struct apply *ap, const struct tree_id *tree, const char *name,
            const char *patch, size_t len, struct error *why)
{
	struct tree_id after;
	char digest[DIGEST_SIZE];
	bool lasting = false;
	int ret = ap->git_version ? 0 : start(ap, why);

	digest_write(digest, patch, len);
	if (ret == 0 && !recall(&after, &ret, ap, tree, digest, why)) {
		ret = ask(&after, &lasting, ap, tree, patch, len, why);
		if (lasting)
			apply_answers_add(&ap->answers, tree->hex, digest, ret ? after.hex : NULL,
			                  ret ? NULL : why->text, &ap->arena);
	}
	if (ret > 0)
		*out = after;
	else
		error_prefix(why, "%s", name);
	return ret;
}
