/* status_fixture.h - a fleet in every state at once, for tests of reports.  */
#ifndef STATUS_FIXTURE_H
#define STATUS_FIXTURE_H

#include <string.h>

#include "plan/planned.h"
#include "record/journal.h"
#include "record/ledger.h"
#include "sample_fleet.h"
#include "status/status.h"

#define FIXTURE_HOSTILE "<script>alert(\"1\")</script>|`x` *b* &amp; \x1b[31m"
#define FIXTURE_NOW_S 1795500000	/* 2026-11-24T06:00:00Z */

struct fixture {
	struct arena arena;
	struct fleet fleet;
	struct entry list[64];
	struct entries entries;
	struct entry dataset_list[2];
	struct entries dataset;
	struct planned_image images[64];
	struct planned_tag tags[2];
	struct planned planned;
	struct ledger ledger;
	struct journal journal;
	struct journal_attempts attempts;
	struct status status;
};

/*
 * One row a parent commit: what gen planned and what was made of it.  In input, pushed and
 * image, "1" is what it is made of now.
 */
static const struct fixture_row {
	const char *parent, *human;
	unsigned mapping;
	enum verdict verdict;
	enum decision decision;
	const char *hold;
	const char *pushed, *image, *verified;
	enum state state;	/* what it then is, */
	const char *kind;	/* of which kind, */
	bool stale;		/* and whether it must be made anew */
} fixture_rows[] = {
	{ "a1", "11", 0, VERDICT_PRESENT, DECISION_SKIP, NULL, NULL, NULL, NULL, STATE_PRESENT, NULL, false },
	{ "a2", "12", 0, VERDICT_PRESENT, DECISION_SKIP, NULL, "1", "1", "i1", STATE_BUILT, NULL, false },
	{ "a3", "13", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, "1", NULL, NULL, STATE_BUILT, NULL, false },
	{ "a4", "14", 0, VERDICT_PRESENT, DECISION_BUILD, NULL, "0", "0", "i0", STATE_TO_BUILD, NULL, true },
	{ "a5", "15", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, "1", "i1", STATE_VERIFIED, NULL, false },
	{ "a6", "16", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, "1", "i0", STATE_TO_BUILD, NULL, false },
	{ "a7", "17", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, NULL, NULL, STATE_RUNNING, "image", false },
	{ "a8", "18", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, NULL, NULL, STATE_RUNNING, "waiting", false },
	{ "a9", "19", 1, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, NULL, NULL, STATE_FAILED, "oom", false },
	{ "ab", "1b", 1, VERDICT_ABSENT, DECISION_HOLD, "failure", NULL, NULL, NULL, STATE_FAILED, "compile-error", false },
	{ "ac", "1c", 1, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, "0", NULL, STATE_TO_BUILD, NULL, true },
	{ "ad", "1d", 1, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, "1", "i1", STATE_FAILED, "auth", false },
	{ "b1", "21", 1, VERDICT_ABSENT, DECISION_HOLD, "source", NULL, NULL, NULL, STATE_HELD, "source", false },
	{ "b2", "22", 1, VERDICT_ABSENT, DECISION_HOLD, "base-absent", NULL, NULL, NULL, STATE_HELD, "base-absent", false },
	{ "b3", "23", 1, VERDICT_ABSENT, DECISION_HOLD, "base-unknown", NULL, NULL, NULL, STATE_HELD, "base-unknown", false },
	{ "b4", "24", 1, VERDICT_UNKNOWN, DECISION_HOLD, "registry", NULL, NULL, NULL, STATE_UNKNOWN, "registry", false },
	{ "b5", "25", 1, VERDICT_ABSENT, DECISION_HOLD, "new-kind", NULL, NULL, NULL, STATE_HELD, "new-kind", false },
	{ "dd", "2d", 0, VERDICT_ABSENT, DECISION_HOLD, "failed", NULL, NULL, NULL, STATE_HELD, "failed", false },
	{ "f0", "2f", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL, NULL, NULL, STATE_TO_BUILD, NULL, false },
};

#define FIXTURE_ROWS (sizeof(fixture_rows) / sizeof(*fixture_rows))

#define FIXTURE_FAILURE(target, step, class, input) \
	"{\"time\":\"2026-11-24T05:00:00Z\",\"target\":\"baseline-" target "0000000000\",\"step\":\"" step \
	"\",\"class\":\"" class "\",\"line\":\"" target " <b>fatal</b>|\",\"line_number\":471," \
	"\"log\":\"out/logs/baseline-" target "0000000000/" step ".2.log\",\"attempts\":2,\"jobs\":4," \
	"\"input\":\"" input "\",\"until\":\"input\"}\n"

/* a9 and ab failed, ac failed when it was made of something else, ad could not be pushed. */
static const char fixture_failures[] =
	FIXTURE_FAILURE("a9", "image", "oom", "1")
	FIXTURE_FAILURE("ab", "image", "compile-error", "1")
	FIXTURE_FAILURE("ac", "image", "oom", "0")
	FIXTURE_FAILURE("ad", "image", "oom", "0")
	FIXTURE_FAILURE("ad", "push", "auth", "1")
	FIXTURE_FAILURE("a1", "push", "auth", "1");

#define FIXTURE_START(time, target, step, attempt) "{\"time\":\"2026-11-24T0" time "Z\",\"event\":\"started\"," \
	"\"target\":\"baseline-" target "0000000000\",\"step\":\"" step "\",\"attempt\":" attempt ",\"jobs\":8," \
	"\"log\":\"out/logs/baseline-" target "0000000000/" step "." attempt ".log\"}\n"
#define FIXTURE_END(time, target, step, attempt, class, seconds) "{\"time\":\"2026-11-24T0" time "Z\"," \
	"\"event\":\"ended\",\"target\":\"baseline-" target "0000000000\",\"step\":\"" step "\"," \
	"\"attempt\":" attempt ",\"jobs\":8,\"class\":\"" class "\",\"seconds\":" seconds ",\"peak_mb\":2048}\n"

static const char fixture_journal[] =
	FIXTURE_START("1:00:00", "a2", "source", "1") FIXTURE_END("1:00:10", "a2", "source", "1", "ok", "10")
	FIXTURE_START("1:00:10", "a2", "image", "1") FIXTURE_END("2:00:10", "a2", "image", "1", "oom", "3600")
	FIXTURE_START("2:00:10", "a2", "image", "2") FIXTURE_END("4:00:10", "a2", "image", "2", "ok", "7200")
	FIXTURE_START("4:00:10", "a2", "push", "1") FIXTURE_END("4:01:10", "a2", "push", "1", "ok", "60")
	FIXTURE_START("4:30:00", "a3", "image", "1") FIXTURE_END("4:40:00", "a3", "image", "1", "ok", "600")
	FIXTURE_START("5:00:00", "a7", "image", "1");

/* Both sorted by target. */
static struct made fixture_made[FIXTURE_ROWS];
static const struct running fixture_running[] = {
	{ .target = "baseline-a70000000000", .step = STEP_IMAGE, .since_s = FIXTURE_NOW_S - 3600,
	  .attempt = 2, .jobs = 8, .log = "out/logs/baseline-a70000000000/image.2.log", .done = 12, .total = 34 },
	{ .target = "baseline-a80000000000", .step = STEP_IMAGE, .since_s = FIXTURE_NOW_S - 90,
	  .waiting = "20 GB free, 50 needed" },
};

static inline void
fixture_image(struct fixture *f, const struct fixture_row *row)
{
	struct arena *a = &f->arena;
	struct planned_image *p = &f->images[f->planned.n_images++];
	*p = (struct planned_image){
		.parent = sample_id(a, row->parent),
		.target = arena_printf(a, "baseline-%.12s", sample_id(a, row->parent)),
		.image = arena_printf(a, "reg.example/d/base:baseline-%.12s", sample_id(a, row->parent)),
		.verdict = row->verdict,
		.decision = row->decision,
		.reason = arena_printf(a, "reason of %s", row->parent),
		.hold = hold_parse(row->hold),
		.hold_word = row->hold,
		.subject = arena_printf(a, "subject of %s", row->parent),
		.time_s = 1700000000,
		.base = { arena_printf(a, "reg.example/d/human:%s", sample_id(a, row->human)),
		          VERDICT_PRESENT, "sha256:base" },
		.max_jobs = 8,
		.input = row->decision == DECISION_BUILD ? "1" : NULL,
		.native = strcmp(row->parent, "a3") == 0 ? NATIVE_REUSE : NATIVE_COMPILE,
	};
	p->id = p->target + strlen("baseline-");
}

static inline void
fixture_entry(struct fixture *f, const char *human, const char *parent, unsigned mapping)
{
	size_t n = f->entries.n++;
	f->list[n] = sample_entry(&f->arena, human, parent, mapping, n);
}

static inline void
fixture_make(struct fixture *f)
{
	struct arena *a = &f->arena;
	size_t n_made = 0;

	*f = (struct fixture){ 0 };
	sample_fleet(&f->fleet, a);
	for (unsigned mapping = 0; mapping < 2; mapping++)
		for (size_t i = 0; i < FIXTURE_ROWS; i++)
			if (fixture_rows[i].mapping == mapping)
				fixture_entry(f, fixture_rows[i].human, fixture_rows[i].parent, mapping);
	f->list[0].model = FIXTURE_HOSTILE;
	fixture_entry(f, "31", "a1", 1);	/* a second human */
	fixture_entry(f, "32", "ee", 1);	/* gen did not see it */
	f->entries.list = f->list;
	f->dataset_list[0] = sample_entry(a, "77", "88", 0, 0);
	f->dataset_list[1] = sample_entry(a, "78", "89", 0, 1);
	f->dataset = (struct entries){ f->dataset_list, 2, 2 };

	f->planned = (struct planned){ .fleet = "demo", .images = f->images, .tags = f->tags, .n_tags = 2 };
	f->tags[0] = (struct planned_tag){ .tag = "baseline-880000000000", .human = f->dataset_list[0].human,
	                                   .parent = f->dataset_list[0].parent };
	f->tags[1].tag = "baseline-x";
	for (size_t i = 0; i < FIXTURE_ROWS; i++) {
		const struct fixture_row *row = &fixture_rows[i];
		fixture_image(f, row);
		if (row->pushed || row->image)
			fixture_made[n_made++] = (struct made){
				.target = f->images[i].target,
				.pushed_input = row->pushed,
				.pushed_digest = row->pushed ? "sha256:pushed" : NULL,
				.image_input = row->image,
				.image_id = row->image ? "i1" : NULL,
				.verified_id = row->verified,
			};
	}
	/* An image that no mapping names any more. */
	fixture_image(f, &(struct fixture_row){ "fe", "33", 0, VERDICT_ABSENT, DECISION_BUILD, NULL, NULL,
	                                        NULL, NULL, STATE_TO_BUILD, NULL, false });

	ledger_read(&f->ledger, fixture_failures, strlen(fixture_failures), a);
	journal_read(&f->journal, fixture_journal, strlen(fixture_journal), a);
	journal_attempts(&f->attempts, &f->journal, a);
	struct status_input in = {
		.fleet = &f->fleet, .entries = &f->entries, .dataset = &f->dataset, .planned = &f->planned,
		.made = fixture_made, .n_made = n_made, .running = fixture_running, .n_running = 2,
		.ledger = &f->ledger, .attempts = &f->attempts, .now_s = FIXTURE_NOW_S,
	};
	status_make(&f->status, &in, a);
}

static inline const struct status_row *
fixture_row_of(const struct fixture *f, const char *parent)
{
	struct status_found found = status_find(&f->status, parent);
	return found.row;
}

static inline void
fixture_dispose(struct fixture *f)
{
	arena_dispose(&f->arena);
}

#endif
