#include "io/gitrepo.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static char work[] = "/tmp/test_gitrepo.XXXXXX";
static struct arena arena;

/* Run a shell command in the folder of the tests; it must succeed. */
static void
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
static const char *
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

static const char *
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

static struct gitrepo *
open_clone(const char *path)
{
	struct gitrepo *g;
	struct error err = { 0 };
	if (gitrepo_open(&g, path, &err) < 0)
		fail_msg("%s", err.text);
	return g;
}

static struct tree_id
tree_of(const char *repo, const char *revision)
{
	struct tree_id id = { "" };
	const char *hex = output("git -C %s rev-parse '%s^{tree}'", repo, revision);
	assert_int_equal(strlen(hex), COMMIT_ID_HEX);
	memcpy(id.hex, hex, sizeof(id.hex));
	return id;
}

static struct commit_id
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

static int
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

static int
tear_down(void **state)
{
	(void)state;
	sh("chmod -R u+w %s; rm -rf %s", work, work);
	arena_dispose(&arena);
	return 0;
}

/* ---- opening ---- */

static void
any_kind_of_clone_is_opened(void **state)
{
	(void)state;
	sh("git clone -q --bare r bare.git; git -C r worktree add -q --detach ../tree;"
	   "git clone -q --depth=1 \"file://$PWD/r\" shallow; git clone -q r clone");
	sh("git -C clone config core.repositoryformatversion 1;"
	   "git -C clone config extensions.worktreeConfig true");
	static const struct { const char *path, *objects; } rows[] = {
		{ "r", "r/.git/objects" },
		{ "r/.git", "r/.git/objects" },
		{ "bare.git", "bare.git/objects" },
		{ "tree", "r/.git/objects" },
		{ "shallow", "shallow/.git/objects" },
		{ "clone", "clone/.git/objects" },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g = open_clone(rows[i].path);
		struct commit_id id, want = commit_of("r", "main");
		struct error err = { 0 };
		assert_string_equal(gitrepo_objects_path(g), output("realpath %s", rows[i].objects));
		assert_int_equal(gitrepo_resolve(&id, g, want.hex, &err), 1);
		gitrepo_free(g);
	}
	sh("git -C r worktree remove tree");
}

static void
what_is_no_clone_is_said(void **state)
{
	(void)state;
	sh("mkdir -p empty; : >file");
	static const struct { const char *path, *want; } rows[] = {
		{ "nothing", "nothing: No such file or directory" },
		{ "empty", "empty: is no git repository" },
		{ "file", "file: is no git repository" },
		{ "r/src", "r/src: is no git repository" },	/* the one above is not taken */
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g;
		struct error err = { 0 };
		assert_int_equal(gitrepo_open(&g, rows[i].path, &err), -1);
		assert_string_equal(err.text, rows[i].want);
	}
}

static void
a_clone_of_another_user_is_opened(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root can give a clone away\n");
		skip();
	}
	sh("git clone -q --bare r foreign; chown -R 65534:65534 foreign");
	gitrepo_free(open_clone("foreign"));
}

/* ---- commits ---- */

static void
a_prefix_finds_its_commit(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct commit_id want = commit_of("r", "root"), id;
	struct error err = { 0 };

	for (size_t len = 4; len <= COMMIT_ID_HEX; len++) {
		char prefix[COMMIT_ID_HEX + 1];
		snprintf(prefix, sizeof(prefix), "%.*s", (int)len, want.hex);
		assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), 1);
		assert_string_equal(id.hex, want.hex);
	}
	static const struct { const char *what; int want; } rows[] = {
		{ "rev-parse root:run.sh", 0 },			/* a file is no commit */
		{ "rev-parse 'root^{tree}'", 0 },
		{ "rev-parse tagged", 0 },			/* nor is a tag object */
		{ "rev-parse 'tagged^{commit}'", 1 },
		{ "rev-parse main | tr a-f A-F", 1 },
		{ "rev-parse main | tr 0-9a-f 1-9a-f0", 0 },	/* nothing */
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		assert_int_equal(gitrepo_resolve(&id, g, output("git -C r %s", rows[i].what), &err),
		                 rows[i].want);
	assert_string_equal(err.text, "");
	assert_int_equal(gitrepo_resolve(&id, g, "abc", &err), -1);
	assert_string_equal(err.text, "\"abc\" is not 4 to 40 hex digits");
	gitrepo_free(g);
}

/* 1,500 commits and as many files: some of their ids start with the same four digits. */
static void
make_crowd(void)
{
	if (access("crowd", F_OK) == 0)
		return;
	sh("git init -q --bare crowd;"
	   "i=0; while [ $i -lt 1500 ]; do i=$((i+1));"
	   " printf 'commit refs/heads/main\\ncommitter C <c@example.org> %%d +0000\\n' $((1700000000+i));"
	   " printf 'data 1\\nx\\nM 100644 inline f\\ndata %%d\\n%%s\\n' ${#i} $i; done"
	   " | git -C crowd fast-import --quiet;"
	   "git -C crowd cat-file --batch-all-objects --batch-check='%%(objectname) %%(objecttype)'"
	   " >crowd.txt");
}

static void
an_ambiguous_prefix_lists_the_commits(void **state)
{
	(void)state;
	make_crowd();
	/* Two commits, and a prefix that they share with nothing else. */
	const char *pair = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") { c[p]++; ids[p] = ids[p] \" \" $1 } }"
		" END { for (p in c) if (c[p] == 2) print p ids[p] }' crowd.txt | sort | sed -n 1p");
	char prefix[5], first[41], second[41];
	assert_int_equal(sscanf(pair, "%4s %40s %40s", prefix, first, second), 3);

	struct gitrepo *g = open_clone("crowd");
	struct commit_id id;
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), -1);
	assert_string_equal(err.text, arena_printf(&arena, "\"%s\" is ambiguous: %s, %s", prefix,
	                                           first, second));
	gitrepo_free(g);
}

static void
only_commits_make_a_prefix_ambiguous(void **state)
{
	(void)state;
	make_crowd();
	/* Prefixes of one commit and of something else too. */
	const char *rows = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") { c[p]++; id[p] = $1 } }"
		" END { for (p in c) if (c[p] == 1 && n[p] > 1) print p, id[p] }' crowd.txt");
	struct gitrepo *g = open_clone("crowd");
	size_t n = 0;
	for (const char *row = rows; row && *row; n++) {
		char prefix[5], want[41];
		struct commit_id id;
		struct error err = { 0 };
		assert_int_equal(sscanf(row, "%4s %40s", prefix, want), 2);
		assert_int_equal(gitrepo_resolve(&id, g, prefix, &err), 1);
		assert_string_equal(id.hex, want);
		row = strchr(row, '\n');
		row = row ? row + 1 : NULL;
	}
	assert_true(n > 10);

	/* And of two things, none of them a commit. */
	const char *none = output(
		"awk '{ p = substr($1, 1, 4); n[p]++; if ($2 == \"commit\") c[p]++ }"
		" END { for (p in n) if (!c[p] && n[p] > 1) print p }' crowd.txt | sort | sed -n 1p");
	struct commit_id id;
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, none, &err), 0);
	gitrepo_free(g);
}

static void
a_commit_tells_about_itself(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct commit_info info;
	struct error err = { 0 };

	struct commit_id root = commit_of("r", "root"), merge = commit_of("r", "main");
	assert_int_equal(gitrepo_commit_info(&info, g, &root, &arena, &err), 0);
	assert_string_equal(info.tree.hex, tree_of("r", "root").hex);
	assert_string_equal(info.first_parent.hex, "");
	assert_int_equal(info.n_parents, 0);
	assert_int_equal(info.time_s, 1700000100);
	assert_string_equal(info.subject, "First subject");

	assert_int_equal(gitrepo_commit_info(&info, g, &merge, &arena, &err), 0);
	assert_int_equal(info.n_parents, 2);
	assert_string_equal(info.first_parent.hex, commit_of("r", "main^").hex);

	struct commit_id none = { "00112233445566778899aabbccddeeff00112233" };
	assert_int_equal(gitrepo_commit_info(&info, g, &none, &arena, &err), -1);
	assert_memory_equal(err.text, "commit 00112233445566778899aabbccddeeff00112233: ", 49);
	gitrepo_free(g);
}

static void
descent_is_known(void **state)
{
	(void)state;
	sh("git clone -q --depth=1 \"file://$PWD/r\" shallow2");
	static const struct { const char *repo, *ancestor, *of; int want; } rows[] = {
		{ "r", "root", "main", 1 },
		{ "r", "main", "main", 1 },
		{ "r", "main", "root", 0 },
		{ "r", "side", "main", 1 },
		{ "r", "main^", "side", 0 },
		{ "r", "side", "main^", 0 },
		{ "r", "root", "side", 1 },
		{ "shallow2", "main", "main", 1 },
		{ "shallow2", "root", "main", 0 },	/* beyond where it was cut off */
	};
	struct error err = { 0 };
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct gitrepo *g = open_clone(rows[i].repo);
		struct commit_id a = commit_of("r", rows[i].ancestor), b = commit_of("r", rows[i].of);
		for (int again = 0; again < 2; again++)
			assert_int_equal(gitrepo_is_ancestor(g, &a, &b, &err), rows[i].want);
		gitrepo_free(g);
	}

	struct gitrepo *g = open_clone("r");
	struct commit_id none = { "00112233445566778899aabbccddeeff00112233" };
	struct commit_id main_id = commit_of("r", "main");
	assert_int_equal(gitrepo_is_ancestor(g, &none, &main_id, &err), 0);
	assert_int_equal(gitrepo_is_ancestor(g, &main_id, &none, &err), -1);
	gitrepo_free(g);
}

/* ---- trees ---- */

static void
files_of_a_tree_are_read(void **state)
{
	(void)state;
	static const struct { const char *path; int want; const char *text; size_t len; } rows[] = {
		{ "run.sh", 1, "#!/bin/sh\necho hi\n", 18 },
		{ "src/deep/er/d.cu", 1, "d", 1 },
		{ "odd dir/sp ace", 1, "q", 1 },
		{ "docs/bin", 1, "a\0b\0c", 5 },
		{ "docs/empty", 1, "", 0 },
		{ "src", 0, NULL, 0 },			/* a folder */
		{ "link", 0, NULL, 0 },
		{ "sub", 0, NULL, 0 },			/* a submodule */
		{ "run.sh/x", 0, NULL, 0 },
		{ "src/none", 0, NULL, 0 },
		{ "src//a.c", 0, NULL, 0 },
		{ "/src/a.c", 0, NULL, 0 },
		{ "src/../run.sh", 0, NULL, 0 },
		{ "", 0, NULL, 0 },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *text;
		size_t len;
		struct error err = { 0 };
		assert_int_equal(gitrepo_read_file(&text, &len, g, &tree, rows[i].path, &arena, &err),
		                 rows[i].want);
		if (!rows[i].want)
			continue;
		assert_int_equal(len, rows[i].len);
		assert_memory_equal(text, rows[i].text, len + 1);
	}
	unsigned mode;
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "run.sh", NULL), 1);
	assert_int_equal(mode, 0100755);
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "src/a.c", NULL), 1);
	assert_int_equal(mode, 0100644);
	assert_int_equal(gitrepo_file_mode(&mode, g, &tree, "link", NULL), 0);
	gitrepo_free(g);
}

static void
entries_have_ids(void **state)
{
	(void)state;
	static const char *paths[] = { "run.sh", "src", "src/deep", "src/deep/e.cu", "link", "sub" };
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root"), id;
	struct error err = { 0 };
	for (size_t i = 0; i < ROWS(paths); i++) {
		assert_int_equal(gitrepo_entry_id(&id, g, &tree, paths[i], &err), 1);
		assert_string_equal(id.hex, output("git -C r rev-parse root:%s", paths[i]));
	}
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "none", &err), 0);
	assert_string_equal(id.hex, "");

	/* A tree that ought to be there is not "no such file". */
	struct tree_id none = { "00112233445566778899aabbccddeeff00112233" };
	assert_int_equal(gitrepo_entry_id(&id, g, &none, "run.sh", &err), -1);
	gitrepo_free(g);
}

static void
a_clone_that_lacks_objects_is_not_a_tree_that_lacks_files(void **state)
{
	(void)state;
	sh("cp -r r hole; cd hole; id=$(git rev-parse root:src/deep); rm -f .git/objects/${id%%??????????????????????????????????????}/${id#??}");
	struct gitrepo *g = open_clone("hole");
	struct tree_id tree = tree_of("r", "root"), id;
	struct error err = { 0 };
	const char **paths;
	size_t n;
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "src/deep/e.cu", &err), -1);
	assert_non_null(strstr(err.text, "tree "));
	assert_int_equal(gitrepo_entry_id(&id, g, &tree, "src/a.c", &err), 1);
	assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, "*.cu", &arena, &err), -1);
	gitrepo_free(g);
}

static void
globs_find_files(void **state)
{
	(void)state;
	static const struct { const char *glob, *want; } rows[] = {
		{ "run.sh", "run.sh " },
		{ "none", "" },
		{ "run.sh/x", "" },
		{ "src/deep", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/deep/", "src/deep/e.cu src/deep/er/d.cu " },
		{ "*.cu", "src/deep/e.cu src/deep/er/d.cu " },	/* '*' stands for '/' too */
		{ "src/*.cu", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/deep/e*", "src/deep/e.cu src/deep/er/d.cu " },
		{ "src/?.c", "src/a.c src/b.c " },
		{ "src/[b-z].c", "src/b.c " },
		{ "requirements*.txt", "requirements-cuda.txt requirements.txt " },
		{ "req*", "requirements-cuda.txt requirements.txt " },
		{ "**/d.cu", "src/deep/er/d.cu " },
		{ "SRC/*", "" },
		{ "l*", "link " },
		{ "su*", "sub " },
		{ "odd dir/*", "odd dir/sp ace " },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id tree = tree_of("r", "root");
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char **paths;
		size_t n;
		struct error err = { 0 };
		struct str got = { 0 };
		assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, rows[i].glob, &arena, &err), 0);
		for (size_t k = 0; k < n; k++)
			str_addf(&got, "%s ", paths[k]);
		assert_string_equal(str_text(&got), rows[i].want);
		str_dispose(&got);
	}
	static const char *refused[] = { "", "!src", "#src", "/src", "/" };
	for (size_t i = 0; i < ROWS(refused); i++) {
		const char **paths;
		size_t n;
		struct error err = { 0 };
		assert_int_equal(gitrepo_glob(&paths, &n, g, &tree, refused[i], &arena, &err), -1);
		assert_string_equal(err.text,
		                    arena_printf(&arena, "\"%s\" is no path or pattern", refused[i]));
	}
	gitrepo_free(g);
}

/* ---- patches ---- */

/* How a patch is made of what is staged. */
#define DIFF "git diff --cached --binary -M HEAD >../patch"

static const struct {
	const char *edit, *diff;
} changes[] = {
	{ "sed -i 's/two/TWO/' src/a.c", DIFF },
	{ "sed -i 's/two/TWO/; s/nine/NINE/' src/a.c", DIFF },
	{ "sed -i '1d' src/a.c", DIFF },
	{ "sed -i '$d' src/a.c", DIFF },
	{ "echo eleven >>src/a.c", DIFF },
	{ "printf more >>src/b.c", DIFF },			/* no newline, before and after */
	{ "printf '\\n' >>src/b.c", DIFF },
	{ "printf 'ten' >>src/a.c", DIFF },
	{ "sed -i 's/y/Y/' src/crlf.txt", DIFF },
	{ "printf 'x\\ny\\nz\\n' >src/crlf.txt", DIFF },
	{ "sed -i 's/caf/Caf/' docs/utf8.md", DIFF },
	{ "echo new >new; echo deep >src/n/e/w.c || { mkdir -p src/n/e; echo deep >src/n/e/w.c; }", DIFF },
	{ "printf new >new; chmod +x new", DIFF },
	{ "rm src/a.c", DIFF },
	{ "rm src/deep/er/d.cu", DIFF },			/* its folder goes with it */
	{ "rm docs/empty docs/bin", DIFF },
	{ "git mv src/a.c src/deep/moved.c", DIFF },
	{ "git mv src/a.c moved.c; sed -i 's/two/TWO/' moved.c", DIFF },
	{ "git mv run.sh go.sh", DIFF },			/* and is a program still */
	{ "chmod +x src/a.c", DIFF },
	{ "chmod -x run.sh; sed -i s/hi/ho/ run.sh", DIFF },
	{ "sed -i s/hi/ho/ run.sh", DIFF },
	{ "sed -i s/hi/ho/ run.sh", DIFF "; sed -i '/^index/d' ../patch" },
	{ "sed -i s/hi/ho/ run.sh", DIFF "; sed -i 's/100755/100644/' ../patch" },
	{ "printf 'a\\0b\\0d' >docs/bin", DIFF },
	{ "printf '\\0\\1\\2' >docs/bin2", DIFF },
	{ "ln -sf docs link", DIFF },
	{ "ln -s docs link2; rm link", DIFF },
	{ "rm run.sh; mkdir run.sh; echo x >run.sh/x", DIFF },	/* a folder in place of a file */
	{ "rm -r src/deep; echo x >src/deep", DIFF },		/* and the reverse */
	{ "echo x >'odd dir/sp ace'; echo y >'odd dir/caf\303\251'", DIFF },
	{ "sed -i 's/two/TWO/' src/a.c; rm run.sh; echo new >new", DIFF },
	{ "sed -i 's/two/TWO/' src/a.c", DIFF "; sed -i '1i some words before\\n' ../patch" },
	{ "sed -i 's/two/TWO/' src/a.c", "git diff --cached -U1 HEAD >../patch" },
	{ "sed -i 's/two/TWO/' src/a.c",
	  "git commit -qm 'A change'; git format-patch -1 --stdout >../patch" },
	{ "sed -i 's/two/TWO/' src/a.c",			/* two mails, one file */
	  "git commit -qm One; sed -i 's/TWO/zwei/; s/nine/neun/' src/a.c; echo n >new; chmod +x new;"
	  " git add -A; git commit -qm Two; sed -i s/n/m/ new; git commit -qam Three;"
	  " git format-patch -3 --stdout >../patch" },
};

/* Stage an edit of "r"s root in a work tree of its own; the tree that it makes. */
static struct tree_id
stage(const char *edit, const char *diff)
{
	sh("rm -rf edit; git clone -q -s r edit; cd edit; git checkout -q --detach main;"
	   " { %s; } 2>/dev/null; git add -A; %s", edit, diff);
	struct tree_id id = { "" };
	memcpy(id.hex, output("git -C edit write-tree"), sizeof(id.hex));
	return id;
}

static void
a_patch_makes_the_tree_that_git_makes(void **state)
{
	(void)state;
	struct tree_id base = tree_of("r", "main");
	struct gitrepo *g = open_clone("r");
	for (size_t i = 0; i < ROWS(changes); i++) {
		struct tree_id want = stage(changes[i].edit, changes[i].diff), got;
		size_t len;
		const char *patch = file_text("patch", &len);
		struct error err = { 0 };
		if (gitrepo_apply_patch(&got, g, &base, "p", patch, len, &err) < 0)
			fail_msg("%s: %s", changes[i].edit, err.text);
		if (strcmp(got.hex, want.hex) != 0)
			fail_msg("%s: not the tree that git makes", changes[i].edit);
	}
	gitrepo_free(g);
}

static void
a_patched_tree_is_a_tree(void **state)
{
	(void)state;
	stage("sed -i 's/two/TWO/' src/a.c", DIFF);
	struct tree_id base = tree_of("r", "main"), once, twice;
	struct gitrepo *g = open_clone("r");
	struct error err = { 0 };
	size_t len;
	const char *text = file_text("patch", &len);
	assert_int_equal(gitrepo_apply_patch(&once, g, &base, "p", text, len, &err), 0);
	assert_int_equal(gitrepo_read_file(&text, &len, g, &once, "src/a.c", &arena, &err), 1);
	assert_memory_equal(text, "one\nTWO\n", 8);

	stage("sed -i 's/two/TWO/' src/a.c; git commit -qam x; sed -i 's/ten/TEN/' src/a.c", DIFF);
	text = file_text("patch", &len);
	assert_int_equal(gitrepo_apply_patch(&twice, g, &once, "q", text, len, &err), 0);
	assert_int_equal(gitrepo_read_file(&text, &len, g, &twice, "src/a.c", &arena, &err), 1);
	assert_non_null(strstr(text, "TWO"));
	assert_non_null(strstr(text, "TEN"));
	gitrepo_free(g);
}

#define FILE_A(hunks) "diff --git a/src/a.c b/src/a.c\n--- a/src/a.c\n+++ b/src/a.c\n" hunks

static void
a_patch_that_does_not_fit_says_where(void **state)
{
	(void)state;
	static const struct { const char *patch, *want; } rows[] = {
		{ "", "p: no patch is in it" },
		{ "\n\n\n", "p: no patch is in it" },
		{ "this is no patch\n", "p: no patch is in it" },
		{ FILE_A("@@ -1,3 +1,3 @@\n one\n-2\n+TWO\n three\n"),
		  "p: src/a.c: hunk 1 (@@ -1,3 +1,3 @@) does not apply" },
		{ FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n@@ -8,3 +8,3 @@ text\n eight\n-9\n+NINE\n ten\n"),
		  "p: src/a.c: hunk 2 (@@ -8,3 +8,3 @@) does not apply" },
		{ FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n two\n")
		  "diff --git a/run.sh b/run.sh\n--- a/run.sh\n+++ b/run.sh\n@@ -2 +2 @@\n-echo ho\n+echo hi\n",
		  "p: run.sh: hunk 1 (@@ -2,1 +2,1 @@) does not apply" },
		{ "diff --git a/no b/no\n--- a/no\n+++ b/no\n@@ -1 +1 @@\n-a\n+b\n",
		  "p: no: there is no such file" },
		{ "diff --git a/src b/src\n--- a/src\n+++ b/src\n@@ -1 +1 @@\n-a\n+b\n",
		  "p: src: there is no such file" },
		{ "diff --git a/no b/no\ndeleted file mode 100644\n--- a/no\n+++ /dev/null\n@@ -1 +0,0 @@\n-a\n",
		  "p: no: there is no such file" },
		{ "diff --git a/run.sh b/run.sh\nnew file mode 100644\n--- /dev/null\n+++ b/run.sh\n@@ -0,0 +1 @@\n+b\n",
		  "p: run.sh: is there already" },
		{ "diff --git a/run.sh b/side\nsimilarity index 100%\nrename from run.sh\nrename to side\n",
		  "p: side: is there already" },
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id base = tree_of("r", "main"), out = { "untouched" };
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct error err = { 0 };
		assert_int_equal(gitrepo_apply_patch(&out, g, &base, "p", rows[i].patch,
		                                     strlen(rows[i].patch), &err), -1);
		assert_string_equal(err.text, rows[i].want);
		assert_string_equal(out.hex, "untouched");
	}
	gitrepo_free(g);
}

/* libgit2 words these; that they are refused, and under which name, is ours. */
static void
a_patch_that_is_broken_is_refused(void **state)
{
	(void)state;
	static const char *rows[] = {
		FILE_A("@@ -1,3 +1,3 @@\n one\n-two\n"),				/* cut off */
		FILE_A("@@ -1,2 +1,2 @@\n-one\n+ONE\n"),
		FILE_A("@@ -x,3 +1,3 @@\n one\n-two\n+TWO\n three\n"),
		"diff --git a/docs/bin b/docs/bin\nBinary files a/docs/bin and b/docs/bin differ\n",
		"diff --git a/../x b/../x\nnew file mode 100644\n--- /dev/null\n+++ b/../x\n@@ -0,0 +1 @@\n+b\n",
		"diff --git a/.git/x b/.git/x\nnew file mode 100644\n--- /dev/null\n+++ b/.git/x\n@@ -0,0 +1 @@\n+b\n",
		"diff --git a/run.sh/x b/run.sh/x\nnew file mode 100644\n--- /dev/null\n+++ b/run.sh/x\n@@ -0,0 +1 @@\n+b\n",
	};
	struct gitrepo *g = open_clone("r");
	struct tree_id base = tree_of("r", "main"), out;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct error err = { 0 };
		if (gitrepo_apply_patch(&out, g, &base, "p", rows[i], strlen(rows[i]), &err) == 0)
			fail_msg("accepted: %s", rows[i]);
		assert_memory_equal(err.text, "p: ", 3);
	}
	gitrepo_free(g);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_kind_of_clone_is_opened),
		cmocka_unit_test(what_is_no_clone_is_said),
		cmocka_unit_test(a_clone_of_another_user_is_opened),
		cmocka_unit_test(a_prefix_finds_its_commit),
		cmocka_unit_test(an_ambiguous_prefix_lists_the_commits),
		cmocka_unit_test(only_commits_make_a_prefix_ambiguous),
		cmocka_unit_test(a_commit_tells_about_itself),
		cmocka_unit_test(descent_is_known),
		cmocka_unit_test(files_of_a_tree_are_read),
		cmocka_unit_test(entries_have_ids),
		cmocka_unit_test(a_clone_that_lacks_objects_is_not_a_tree_that_lacks_files),
		cmocka_unit_test(globs_find_files),
		cmocka_unit_test(a_patch_makes_the_tree_that_git_makes),
		cmocka_unit_test(a_patched_tree_is_a_tree),
		cmocka_unit_test(a_patch_that_does_not_fit_says_where),
		cmocka_unit_test(a_patch_that_is_broken_is_refused),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
