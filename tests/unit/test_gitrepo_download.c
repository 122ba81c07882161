#include "git/gitrepo.h"

#include "git_fixture.h"
#include "os/transfer_bar.h"

static const char *
refs(const char *repo)
{
	return output("git -C %s for-each-ref --format='%%(refname) %%(objectname)'", repo);
}

/* What a shell sees of a URL that starts at the tests' folder. */
static const char *
url_of(const char *prefix, const char *path)
{
	return arena_printf(&arena, "%s%s/%s", prefix, work, path);
}

static void
a_clone_is_whole_and_bare(void **state)
{
	(void)state;
	static const char *prefixes[] = { "", "file://" };
	for (size_t i = 0; i < ROWS(prefixes); i++) {
		const char *path = arena_printf(&arena, "made/clone%zu", i);
		struct gitrepo *g;
		struct error err = { 0 };
		struct commit_id id, want = commit_of("r", "side");
		sh("mkdir -p made");
		if (gitrepo_clone(&g, url_of(prefixes[i], "r"), path, false, &err) < 0)
			fail_msg("%s", err.text);
		assert_int_equal(gitrepo_resolve(&id, g, want.hex, &err), 1);
		gitrepo_free(g);

		assert_string_equal(refs(path), refs("r"));
		assert_string_equal(output("git -C %s rev-parse --is-bare-repository", path), "true");
		assert_string_equal(output("git -C %s symbolic-ref HEAD", path), "refs/heads/main");
		sh("git -C %s fsck --strict 2>/dev/null; test ! -e %s.part", path, path);
	}
}

static void
a_clone_that_fails_leaves_nothing(void **state)
{
	(void)state;
	sh("mkdir -p no; : >taken; mkdir -p left.part/sub; : >left.part/sub/file; chmod a-w left.part/sub/file");
	const char *none = url_of("", "nothing");
	static const struct { const char *path; } places[] = { { "left" }, { "no/where/left" } };
	for (size_t i = 0; i < ROWS(places); i++) {
		struct gitrepo *g;
		struct error err = { 0 };
		assert_int_equal(gitrepo_clone(&g, none, places[i].path, false, &err), -1);
		assert_string_equal(err.text, arena_printf(&arena, "%s: No such file or directory", none));
		assert_int_equal(access(places[i].path, F_OK), -1);
		assert_int_equal(access(arena_printf(&arena, "%s.part", places[i].path), F_OK), -1);
	}
	struct gitrepo *g;
	struct error err = { 0 };
	assert_int_equal(gitrepo_clone(&g, "no", "left", false, &err), -1);	/* no repository */
	assert_memory_equal(err.text, "no: ", 4);
	assert_int_equal(access("left.part", F_OK), -1);

	err.text[0] = '\0';
	assert_int_equal(gitrepo_clone(&g, "r", "taken", false, &err), -1);
	assert_string_equal(err.text, "taken: File exists");
	assert_int_equal(access("taken", F_OK), 0);
}

static void
what_a_killed_clone_left_is_no_obstacle(void **state)
{
	(void)state;
	sh("rm -rf again again.part; git clone -q --bare r again.part; chmod -R a-w again.part/objects;"
	   " chmod -R u+w again.part; : >again.part/HEAD");
	struct gitrepo *g;
	struct error err = { 0 };
	if (gitrepo_clone(&g, "r", "again", false, &err) < 0)
		fail_msg("%s", err.text);
	gitrepo_free(g);
	assert_string_equal(refs("again"), refs("r"));
}

static void
the_password_in_a_url_is_not_shown(void **state)
{
	(void)state;
	/* Port 0 refuses without a server being needed. */
	static const char *urls[] = { "https://me:secret@127.0.0.1:0/x.git",
		                      "http://secret@127.0.0.1:0/a@b" };
	for (size_t i = 0; i < ROWS(urls); i++) {
		struct gitrepo *g;
		struct error err = { 0 };
		assert_int_equal(gitrepo_clone(&g, urls[i], "never", false, &err), -1);
		assert_null(strstr(err.text, "secret"));
		assert_memory_equal(err.text, "127.0.0.1:0/", 12);
	}
}

static void
a_fetch_leaves_the_users_names_alone(void **state)
{
	(void)state;
	sh("rm -rf up mine; git clone -q --mirror r up; git clone -q r mine;"
	   "cd mine; git checkout -q -b own; echo x >>run.sh; git commit -qam Own");
	sh("rm -rf w; git clone -q up w; cd w; echo y >>run.sh; git commit -qam Later; git tag later;"
	   "git push -q --tags origin HEAD:main HEAD:refs/heads/topic");
	struct commit_id later = commit_of("up", "main"), id;
	const char *names = "heads/ refs/tags/ refs/remotes/";
	const char *before = output("git -C mine for-each-ref refs/%s; git -C mine status -s; cat mine/.git/HEAD", names);

	struct gitrepo *g = open_clone("mine");
	struct error err = { 0 };
	assert_int_equal(gitrepo_resolve(&id, g, later.hex, &err), 0);
	if (gitrepo_fetch(g, url_of("file://", "up"), false, &err) < 0)
		fail_msg("%s", err.text);
	assert_int_equal(gitrepo_resolve(&id, g, later.hex, &err), 1);

	/* What is fetched can be patched, in memory as ever. */
	struct commit_info info;
	struct tree_id tree;
	static const char patch[] = "--- a/run.sh\n+++ b/run.sh\n@@ -3 +3 @@\n-y\n+z\n";
	assert_int_equal(gitrepo_commit_info(&info, g, &id, &arena, &err), 0);
	assert_int_equal(patch_tree(&tree, g, &info.tree, patch, strlen(patch), &err), 1);
	gitrepo_free(g);
	sh("git -C mine cat-file -e %s 2>/dev/null && exit 1 || :", tree.hex);

	assert_string_equal(output("git -C mine for-each-ref refs/%s; git -C mine status -s; cat mine/.git/HEAD", names),
	                    before);
	assert_string_equal(output("git -C mine for-each-ref --format='%%(refname)' refs/stampmill"),
	                    "refs/stampmill/heads/main\nrefs/stampmill/heads/side\n"
	                    "refs/stampmill/heads/topic\nrefs/stampmill/tags/later\n"
	                    "refs/stampmill/tags/root\nrefs/stampmill/tags/tagged");
	assert_int_equal(access("mine/.git/FETCH_HEAD", F_OK), -1);
}

static void
a_clone_of_ours_follows_its_source(void **state)
{
	(void)state;
	sh("rm -rf up ours w; git clone -q --mirror r up");
	struct gitrepo *g;
	struct error err = { 0 };
	assert_int_equal(gitrepo_clone(&g, "up", "ours", false, &err), 0);
	/* Also when a branch was rewritten. */
	sh("git clone -q up w; cd w; git commit -q --amend -m Other; git push -qf origin HEAD:main");
	assert_int_equal(gitrepo_fetch(g, url_of("", "up"), false, &err), 0);
	gitrepo_free(g);
	assert_string_equal(refs("ours"), refs("up"));
}

static void
a_fetch_that_fails_says_from_where(void **state)
{
	(void)state;
	struct gitrepo *g = open_clone("r");
	struct error err = { 0 };
	assert_int_equal(gitrepo_fetch(g, url_of("", "nothing"), false, &err), -1);
	assert_string_equal(err.text, arena_printf(&arena, "%s/nothing: No such file or directory", work));
	gitrepo_free(g);
}

static void
the_bar_tells_how_far_it_is(void **state)
{
	(void)state;
	static const struct { struct transfer t; const char *want; } rows[] = {
		{ { .what = "clone" }, "clone   0% [                        ] asking" },
		{ { "clone", 50, 100, 3 << 20, 0, 0 },
		  "clone  50% [############            ] 50/100 objects, 3.0 MiB" },
		{ { "fetch", 999, 1000, 1 << 19, 0, 0 },
		  "fetch  99% [####################### ] 999/1000 objects, 0.5 MiB" },
		{ { "clone", 100, 100, 3 << 20, 1, 3 },
		  "clone 100% [########################] deltas 33%, 3.0 MiB" },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str line = { 0 };
		transfer_bar_text(&line, &rows[i].t);
		assert_string_equal(str_text(&line), rows[i].want);
		str_dispose(&line);
	}
	struct str line = { 0 };
	struct transfer huge = { "clone", SIZE_MAX / 2, SIZE_MAX, UINT64_MAX, 0, 0 };
	transfer_bar_text(&line, &huge);
	assert_null(memchr(line.data, '\n', line.len));
	str_dispose(&line);
}

GROUP(test_gitrepo_download)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clone_is_whole_and_bare),
		cmocka_unit_test(a_clone_that_fails_leaves_nothing),
		cmocka_unit_test(what_a_killed_clone_left_is_no_obstacle),
		cmocka_unit_test(the_password_in_a_url_is_not_shown),
		cmocka_unit_test(a_fetch_leaves_the_users_names_alone),
		cmocka_unit_test(a_clone_of_ours_follows_its_source),
		cmocka_unit_test(a_fetch_that_fails_says_from_where),
		cmocka_unit_test(the_bar_tells_how_far_it_is),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
