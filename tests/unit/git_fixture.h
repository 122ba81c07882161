/* git_fixture.h - a folder with a git repository in it, for the tests of what reads one.  */
#ifndef GEN_GIT_FIXTURE_H
#define GEN_GIT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "git/apply.h"
#include "git/gitrepo.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static char work[] = "/tmp/test_gitrepo.XXXXXX";
static struct arena arena;	/* of what the tests read */

static inline void sh(const char *fmt, ...) PRINTF_LIKE(1, 2);
static inline const char *output(const char *fmt, ...) PRINTF_LIKE(1, 2);

/* Run a shell command in the folder of the tests; it must succeed. */
static inline void
sh(const char *fmt, ...)
{
	struct str command = { 0 };
	va_list ap;
	va_start(ap, fmt);
	str_adds(&command, "set -e; ");
	str_vaddf(&command, fmt, ap);
	va_end(ap);
	if (system(str_text(&command)) != 0)
		fail_msg("%s", str_text(&command));
	str_dispose(&command);
}

/* What a shell command prints, without the last newline. */
static inline const char *
output(const char *fmt, ...)
{
	struct str command = { 0 }, out = { 0 };
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(&command, fmt, ap);
	va_end(ap);

	FILE *pipe = popen(str_text(&command), "r");
	assert_non_null(pipe);
	char buf[4096];
	size_t n;
	while ((n = fread(buf, 1, sizeof(buf), pipe)) > 0)
		str_add_bytes(&out, buf, n);
	if (pclose(pipe) != 0)
		fail_msg("%s", str_text(&command));
	while (out.len && out.data[out.len - 1] == '\n')
		out.data[--out.len] = '\0';
	const char *text = arena_copy(&arena, str_text(&out), out.len);
	str_dispose(&command);
	str_dispose(&out);
	return text;
}

static inline const char *
file_text(const char *path, size_t *len)
{
	FILE *f = fopen(path, "rb");
	assert_non_null(f);
	struct str s = { 0 };
	char buf[4096];
	size_t n;
	while ((n = fread(buf, 1, sizeof(buf), f)) > 0)
		str_add_bytes(&s, buf, n);
	fclose(f);
	*len = s.len;
	const char *text = arena_copy(&arena, str_text(&s), s.len);
	str_dispose(&s);
	return text;
}

static inline struct gitrepo *
open_clone(const char *path)
{
	struct gitrepo *g;
	struct error err = { 0 };
	if (gitrepo_open(&g, path, &err) < 0)
		fail_msg("%s", err.text);
	return g;
}

/* Apply a patch called p, with what gen has for it.  Returns as apply_patch. */
static inline int
patch_tree(struct tree_id *out, struct gitrepo *g, const struct tree_id *tree, const char *text,
           size_t len, struct error *why)
{
	struct apply *ap = apply_open(g, "patched", false);
	int ret = apply_patch(out, ap, tree, "p", text, len, why);
	apply_close(ap);
	return ret;
}

static inline struct tree_id
tree_of(const char *repo, const char *revision)
{
	struct tree_id id = { "" };
	const char *hex = output("git -C %s rev-parse '%s^{tree}'", repo, revision);
	assert_int_equal(strlen(hex), COMMIT_ID_HEX);
	memcpy(id.hex, hex, sizeof(id.hex));
	return id;
}

static inline struct commit_id
commit_of(const char *repo, const char *revision)
{
	struct commit_id id = { "" };
	const char *hex = output("git -C %s rev-parse '%s^{commit}'", repo, revision);
	assert_int_equal(strlen(hex), COMMIT_ID_HEX);
	memcpy(id.hex, hex, sizeof(id.hex));
	return id;
}

/* The tests' repository "r": commits at fixed times, so their ids never change. */
static const char make_repository[] =
	"git init -q -b main r; cd r;"
	"mkdir -p src/deep/er docs 'odd dir';"
	"printf 'one\\ntwo\\nthree\\nfour\\nfive\\nsix\\nseven\\neight\\nnine\\nten\\n' >src/a.c;"
	"printf 'no newline' >src/b.c;"
	"printf 'x\\r\\ny\\r\\nz\\r\\n' >src/crlf.txt;"
	"printf '#!/bin/sh\\necho hi\\n' >run.sh; chmod +x run.sh;"
	"printf 'd' >src/deep/er/d.cu; printf 'e' >src/deep/e.cu;"
	"printf 'caf\\303\\251\\n' >docs/utf8.md; : >docs/empty;"
	"printf 'a\\0b\\0c' >docs/bin;"
	"printf 'requires-python = \"<=3.12\"\\n' >pyproject.toml;"
	"printf 'q' >'odd dir/sp ace'; printf 'q' >requirements.txt; printf 'q' >requirements-cuda.txt;"
	"ln -s run.sh link;"
	"git add -A; git update-index --add --cacheinfo 160000,1111111111111111111111111111111111111111,sub;"
	"git commit -qm 'First subject\n\nbody'; git tag root; git tag -am annotated tagged;"
	"git rm -q --cached sub; printf 'side\\n' >side; git add side;"
	"git commit -qm Second; git branch side root; git checkout -q side;"
	"git commit -q --allow-empty -m Side; git checkout -q main;"
	"git merge -q --no-ff -m 'Merge side' side";

static inline int
set_up(void **state)
{
	(void)state;
	if (!mkdtemp(work) || chdir(work) < 0)
		return -1;
	setenv("HOME", work, 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	setenv("GIT_AUTHOR_NAME", "A", 1);
	setenv("GIT_AUTHOR_EMAIL", "a@example.org", 1);
	setenv("GIT_COMMITTER_NAME", "C", 1);
	setenv("GIT_COMMITTER_EMAIL", "c@example.org", 1);
	setenv("GIT_AUTHOR_DATE", "1700000000 +0100", 1);
	setenv("GIT_COMMITTER_DATE", "1700000100 +0100", 1);
	unsetenv("GIT_DIR");
	sh("%s", make_repository);
	return 0;
}

static inline int
tear_down(void **state)
{
	(void)state;
	sh("chmod -R u+w %s; rm -rf %s", work, work);
	arena_dispose(&arena);
	return 0;
}

#endif
