#include "status/status.h"

#include "status_group.h"

static void
each_parent_is_in_just_one_state(void **state)
{
	size_t by_state[STATES] = { 0 };
	(void)state;
	for (size_t i = 0; i < FIXTURE_ROWS; i++) {
		const struct fixture_row *want = &fixture_rows[i];
		const struct status_row *row = fixture_row_of(&f, sample_id(&f.arena, want->parent));
		assert_non_null(row);
		if (row->state != want->state || row->stale != want->stale)
			print_message("parent %s\n", want->parent);
		assert_int_equal(row->state, want->state);
		assert_string_equal(row->kind ? row->kind : "", want->kind ? want->kind : "");
		assert_int_equal(row->stale, want->stale);
		assert_non_null(row->reason);
		by_state[want->state]++;
	}
	by_state[STATE_UNKNOWN]++;	/* the entry that gen did not see */
	for (size_t i = 0; i < STATES; i++) {
		assert_int_equal(f.status.by_state[i], by_state[i]);
		assert_true(by_state[i]);	/* the fixture has them all */
	}
	assert_int_equal(f.status.n_rows, FIXTURE_ROWS + 1);
	assert_int_equal(f.status.n_entries, FIXTURE_ROWS + 2);
	assert_int_equal(f.status.n_dataset, 2);
	assert_int_equal(status_check(&f.status, NULL), 0);
}

static void
what_fits_nowhere_is_named(void **state)
{
	(void)state;
	assert_int_equal(f.status.n_lost, 2);
	assert_string_equal(f.status.lost[0], "m2.json: /20: \"ee00000000000000000000000000000000000000\": "
	                    "this parent commit is not in out/plan.json yet; run gen");
	assert_string_equal(f.status.lost[1], "out/plan.json: \"baseline-fe0000000000\": no mapping names "
	                    "its parent commit any more; run gen");
	const struct status_row *row = fixture_row_of(&f, "ee");
	assert_int_equal(row->state, STATE_UNKNOWN);
	assert_string_equal(row->kind, "not-planned");
	assert_int_equal(row->verdict, VERDICT_UNKNOWN);
}

/* A parent with two humans is one row, and counts for the mapping of the first. */
static void
rows_follow_the_mappings(void **state)
{
	const struct status_row *row = &f.status.rows[0];
	(void)state;
	assert_string_equal(row->id, "a10000000000");
	assert_int_equal(row->n_entries, 2);
	assert_string_equal(row->entries[0]->human, sample_id(&f.arena, "11"));
	assert_string_equal(row->entries[1]->human, sample_id(&f.arena, "31"));
	assert_string_equal(row->model, FIXTURE_HOSTILE);
	assert_int_equal(row->mapping, 0);

	assert_int_equal(f.status.n_groups, 2);
	const struct status_group *g = f.status.groups;
	assert_string_equal(g[0].name, "v1");
	assert_int_equal(g[0].first, 0);
	assert_int_equal(g[0].rows, 10);
	assert_int_equal(g[0].entries, 10);
	assert_int_equal(g[1].first, 10);
	assert_int_equal(g[1].rows, 10);
	assert_int_equal(g[1].entries, 11);
	assert_int_equal(g[1].by_state[STATE_FAILED], 3);
}

static void
what_was_pushed_here_is_present_with_its_digest(void **state)
{
	(void)state;
	assert_int_equal(f.status.by_verdict[VERDICT_PRESENT], 4);	/* a1, a2, a4, and a3 since */
	assert_int_equal(f.status.by_verdict[VERDICT_UNKNOWN], 2);
	assert_string_equal(fixture_row_of(&f, "a3")->digest, "sha256:pushed");
	assert_null(fixture_row_of(&f, "a1")->digest);
}

static void
a_failure_says_what_why_and_where(void **state)
{
	(void)state;
	assert_string_equal(fixture_row_of(&f, "a9")->reason,
		"image failed: oom: a9 <b>fatal</b>| (out/logs/baseline-a90000000000/image.2.log:471)");
	assert_int_equal(fixture_row_of(&f, "ad")->failure->step, STEP_PUSH);
	assert_null(fixture_row_of(&f, "ac")->failure);
	assert_null(fixture_row_of(&f, "a1")->failure);
}

static void
kinds_are_counted_within_their_state(void **state)
{
	static const struct { enum state state; const char *kind; size_t rows; } want[] = {
		{ STATE_RUNNING, "image", 1 }, { STATE_RUNNING, "waiting", 1 },
		{ STATE_FAILED, "auth", 1 }, { STATE_FAILED, "compile-error", 1 }, { STATE_FAILED, "oom", 1 },
		{ STATE_HELD, "base-absent", 1 }, { STATE_HELD, "base-unknown", 1 }, { STATE_HELD, "failed", 1 },
		{ STATE_HELD, "new-kind", 1 }, { STATE_HELD, "source", 1 },
		{ STATE_UNKNOWN, "not-planned", 1 }, { STATE_UNKNOWN, "registry", 1 },
	};
	(void)state;
	assert_int_equal(f.status.n_kinds, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < f.status.n_kinds; i++) {
		assert_int_equal(f.status.kinds[i].state, want[i].state);
		assert_string_equal(f.status.kinds[i].kind, want[i].kind);
		assert_int_equal(f.status.kinds[i].rows, want[i].rows);
	}
}

static void
builds_are_newest_first_and_their_time_is_added_up(void **state)
{
	const struct status_time *t = &f.status.time;
	(void)state;
	assert_int_equal(f.status.n_builds, 2);
	assert_string_equal(f.status.builds[0].row->id, "a30000000000");
	assert_string_equal(f.status.builds[1].row->id, "a20000000000");
	assert_int_equal(f.status.builds[1].attempt->number, 2);
	assert_int_equal(t->good, 2);
	assert_int_equal((long)t->good_s, 7800);
	assert_int_equal(t->lost, 1);
	assert_int_equal((long)t->lost_s, 3600);
	assert_int_equal((long)t->compile_s, 7200);
	assert_int_equal((long)t->saved_s, 6600);	/* a3 took ten minutes instead */
	assert_int_equal(fixture_row_of(&f, "a2")->n_attempts, 4);
}

/* A build may find that the objects are not where the plan has them, and compile. */
static void
how_it_was_made_counts_before_how_it_was_planned(void **state)
{
	struct status_input in = {
		.fleet = &f.fleet, .entries = &f.entries, .planned = &f.planned, .made = fixture_made,
		.n_made = 7, .attempts = &f.attempts,
	};
	struct status s;
	(void)state;
	assert_int_equal(fixture_row_of(&f, "a3")->native, NATIVE_REUSE);
	assert_string_equal(fixture_made[1].target, "baseline-a30000000000");
	fixture_made[1].native = NATIVE_COMPILE;
	fixture_made[1].cache_hits = 30;
	fixture_made[0].cache_misses = 10;
	status_make(&s, &in, &f.arena);
	assert_int_equal(status_find(&s, "a3").row->native, NATIVE_COMPILE);
	assert_int_equal((long)s.time.compile_s, 7200);
	assert_int_equal((long)s.time.saved_s, 0);
	assert_int_equal(s.time.cache_hits, 30);
	assert_int_equal(s.time.cache_misses, 10);
}

static void
a_total_that_does_not_add_up_is_an_error(void **state)
{
	struct error err = { 0 };
	(void)state;
	f.status.by_state[STATE_HELD]++;
	assert_int_equal(status_check(&f.status, &err), -1);
	assert_string_equal(err.text, "status: held: the total is 6, but its rows are 5");
	f.status.by_state[STATE_HELD]--;

	err = (struct error){ 0 };
	f.status.groups[1].by_state[STATE_HELD]++;
	assert_int_equal(status_check(&f.status, &err), -1);
	assert_string_equal(err.text, "status: v2: the total is 5, but its rows are 4");
	f.status.groups[1].by_state[STATE_HELD]--;

	err = (struct error){ 0 };
	f.status.by_verdict[VERDICT_ABSENT]--;
	assert_int_equal(status_check(&f.status, &err), -1);
	assert_string_equal(err.text, "status: parents by verdict: the total is 20, but its rows are 19");
	f.status.by_verdict[VERDICT_ABSENT]++;

	err = (struct error){ 0 };
	f.status.rows[3].mapping = 1;
	assert_int_equal(status_check(&f.status, &err), -1);
	assert_string_equal(err.text, "status: v1: row 3 does not belong to it");
	f.status.rows[3].mapping = 0;

	err = (struct error){ 0 };
	f.status.n_entries++;
	assert_int_equal(status_check(&f.status, &err), -1);
	assert_string_equal(err.text, "status: entries by mapping: the total is 22, but its rows are 21");
}

static void
shares_are_rounded_tenths_of_a_percent(void **state)
{
	struct status s = { .n_rows = 78 };
	(void)state;
	assert_int_equal(status_share(&s, 48), 615);
	assert_int_equal(status_share(&s, 3), 38);
	assert_int_equal(status_share(&s, 78), 1000);
	s.n_rows = 0;
	assert_int_equal(status_share(&s, 0), 0);
}

static void
an_image_has_many_names(void **state)
{
	static const struct { const char *word; const char *id; size_t n; } rows[] = {
		{ "a1", "a10000000000", 1 },
		{ "baseline-a1", "a10000000000", 1 },
		{ "baseline-a10000000000", "a10000000000", 1 },
		{ "local-baseline-a2000000", "a20000000000", 1 },
		{ "human-31", "a10000000000", 1 },
		{ "31", "a10000000000", 1 },
		{ "human-a1", NULL, 0 },
		{ "baseline-11", NULL, 0 },
		{ "a", NULL, 12 },
		{ "1", NULL, 12 },
		{ "zz", NULL, 0 }, { "", NULL, 0 }, { "baseline-", NULL, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct status_found found = status_find(&f.status, rows[i].word);
		assert_int_equal(found.n, rows[i].n);
		assert_string_equal(found.row ? found.row->id : "", rows[i].id ? rows[i].id : "");
	}
}

/* A commit that is one image's parent and another's human is the name of the first. */
static void
a_commit_in_a_chain_names_its_own_image(void **state)
{
	(void)state;
	fixture_entry(&f, "a2", "b9", 1);	/* a2 is a parent, too */
	struct status_input in = { .fleet = &f.fleet, .entries = &f.entries, .planned = &f.planned };
	struct status s;
	status_make(&s, &in, &f.arena);
	assert_string_equal(status_find(&s, sample_id(&f.arena, "a2")).row->id, "a20000000000");
	assert_string_equal(status_find(&s, "a2").row->id, "a20000000000");
	assert_string_equal(status_find(&s, "human-a2").row->id, "b90000000000");

	fixture_entry(&f, "a21", "b8", 1);	/* other digits: the short ones name several */
	status_make(&s, &in, &f.arena);
	assert_int_equal(status_find(&s, "a2").n, 3);
	assert_null(status_find(&s, "a2").row);
	assert_string_equal(status_find(&s, "a21").row->id, "b80000000000");
	assert_string_equal(status_find(&s, "a200").row->id, "a20000000000");
}

static void
an_empty_fleet_adds_up(void **state)
{
	struct entries none = { 0 };
	struct planned planned = { .fleet = "demo" };
	struct status_input in = { .fleet = &f.fleet, .entries = &none, .planned = &planned };
	struct status s;
	(void)state;
	status_make(&s, &in, &f.arena);
	assert_int_equal(s.n_rows, 0);
	assert_int_equal(status_check(&s, NULL), 0);
}

static void
states_have_names(void **state)
{
	(void)state;
	assert_string_equal(state_name(STATE_TO_BUILD), "to_build");
	assert_string_equal(state_title(STATE_TO_BUILD), "to build");
}

GROUP(test_status)
{
	const struct CMUnitTest tests[] = {
		TEST(each_parent_is_in_just_one_state),
		TEST(what_fits_nowhere_is_named),
		TEST(rows_follow_the_mappings),
		TEST(what_was_pushed_here_is_present_with_its_digest),
		TEST(a_failure_says_what_why_and_where),
		TEST(kinds_are_counted_within_their_state),
		TEST(builds_are_newest_first_and_their_time_is_added_up),
		TEST(how_it_was_made_counts_before_how_it_was_planned),
		TEST(a_total_that_does_not_add_up_is_an_error),
		TEST(shares_are_rounded_tenths_of_a_percent),
		TEST(an_image_has_many_names),
		TEST(a_commit_in_a_chain_names_its_own_image),
		TEST(an_empty_fleet_adds_up),
		TEST(states_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
