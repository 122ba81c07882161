#include "fleet/fleet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "git/substitution.h"

#define H1 "0123456789abcdef0123456789abcdef01234567"
#define H2 "89abcdef0123456789abcdef0123456789abcdef"

/* The least that a fleet needs; more is put before its end. */
#define NEEDED \
	"\"version\":1,\"name\":\"demo\",\"source\":{\"path\":\"src.git\"}," \
	"\"mappings\":[{\"name\":\"v1\",\"file\":\"m.json\"}]," \
	"\"baseline_repository\":\"d/base\",\"human_repository\":\"d/human\""
#define BUILD "\"build\":{\"dockerfile\":\"Dockerfile\",\"smoke_test\":\"true\"}"
#define FLEET(more) "{" NEEDED "," BUILD more "}"
#define BUILD_WITH(more) "{" NEEDED ",\"build\":{\"dockerfile\":\"D\",\"smoke_test\":\"true\"" more "}}"

#define NAMED(name, mapping) \
	"{\"version\":1,\"name\":\"x\",\"source\":{},\"dataset\":\"data\"," \
	"\"mappings\":[{\"name\":\"" name "\",\"file\":\"" mapping "\"}]," \
	"\"baseline_repository\":\"b\",\"human_repository\":\"h\"," \
	"\"build\":{\"dockerfile\":\"dockerfile\",\"context_files\":\"files\",\"smoke_test\":\"true\"}}"
#define IS_READ(name) "fleet.json: /mappings/0/name: \"" name "\": is the name of a file that is read"
#define SOURCE(url) "{\"version\":1,\"name\":\"x\",\"source\":{\"url\":\"" url "\"}}"
#define NO_SECRET \
	"fleet.json: /source/url: holds a user name or password; clone it with git and give the clone's path"

static struct arena arena;
static struct fleet fleet;
static struct error err;

static int
parse(const char *text)
{
	arena_dispose(&arena);
	err = (struct error){ 0 };
	return fleet_parse(&fleet, "fleet.json", text, strlen(text), &arena, &err);
}

static int
forget(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

static void
what_is_left_out_has_a_default(void **state)
{
	(void)state;
	assert_int_equal(parse(FLEET("")), 0);
	assert_string_equal(fleet.registry, "docker.io");
	assert_false(fleet.insecure_registry);
	assert_false(fleet.create);
	assert_null(fleet.source_url);
	assert_null(fleet.dataset);
	assert_int_equal(fleet.build.max_jobs, 1);
	assert_int_equal(fleet.build.nvcc_threads, 1);
	assert_int_equal(fleet.build.deadline_s, 5400);
	assert_string_equal(fleet.build.network, "default");
	assert_string_equal(fleet.build.smoke_test, "true\n");
	assert_int_equal(fleet.pool[POOL_CUDA], 1);
	assert_string_equal(fleet.mappings[0].items, "");
	assert_string_equal(fleet.mappings[1].items, "/extra_commits");
}

static void
every_field_is_read(void **state)
{
	(void)state;
	assert_int_equal(parse("{\"version\":1,\"name\":\"a-b.c\",\"source\":{\"url\":\"u\",\"path\":\"p\"},"
		"\"mappings\":[{\"name\":\"x\",\"title\":\"X!\",\"file\":\"f\",\"items\":\"/d\",\"fields\":"
		"{\"human\":\"1\",\"human_short\":\"2\",\"parent\":\"3\",\"parent_short\":\"4\",\"model\":\"5\"}}],"
		"\"dataset\":\"ds\",\"registry\":\"127.0.0.1:5000\",\"insecure_registry\":true,\"create\":true,"
		"\"baseline_repository\":\"b\",\"human_repository\":\"h\",\"fixed_humans\":[\"" H2 "\",\"" H1 "\"],"
		"\"extra_commits\":[{\"human\":\"ABCD\",\"parent\":\"" H1 "\",\"model\":\"m\"}],"
		"\"build\":{\"dockerfile\":\"D\",\"context_files\":\"c\",\"max_jobs\":56,\"nvcc_threads\":2,"
		"\"deadline_s\":7,\"grace_s\":0,\"disk_gb\":50,\"args\":{\"A\":\"1\",\"B\":\"\"},"
		"\"tree_args\":[{\"arg\":\"C\",\"files\":[\"x\",\"y\"],\"after\":\"ARG \"}],\"env\":{\"E\":\"it's\"},"
		"\"network\":\"none\",\"isolation\":\"chroot\",\"smoke_test\":[\"a\",\"b\"]},"
		"\"pools\":{\"source\":3,\"cuda\":2,\"light\":4,\"push\":5},"
		"\"commits\":{\"89abcdef0123\":{\"max_jobs\":32,\"args\":{\"A\":\"2\"},\"env\":{\"E\":\"x\"},\"fix\":\"f\"},"
		"\"" H1 "\":{\"failed\":{\"error\":\"e\",\"reason\":\"r\"}}},"
		"\"substitutions\":[{\"name\":\"s\",\"files\":[\"g*\"],\"from\":\"a\",\"to\":\"\","
		"\"when\":{\"file\":\"w\",\"contains\":\"c\"}}]}"), 0);
	struct commit_id first, second;
	commit_id_parse(&first, H1, NULL);
	commit_id_parse(&second, H2, NULL);

	assert_string_equal(fleet.mappings[0].field.parent_short, "4");
	assert_string_equal(fleet.mappings[0].title, "X!");
	assert_true(fleet_human_is_fixed(&fleet, &first));
	assert_true(fleet_human_is_fixed(&fleet, &second));
	assert_int_equal(fleet.n_extra, 1);
	assert_string_equal(fleet.extra[0].human, "abcd");
	assert_int_equal(fleet.extra[0].mapping, 1);
	assert_string_equal(fleet.build.args[1].name, "B");
	assert_string_equal(fleet.build.tree_args[0].files[1], "y");
	assert_null(fleet.build.tree_args[0].fallback);
	assert_string_equal(fleet.build.smoke_test, "a\nb\n");
	assert_int_equal(fleet.pool[POOL_PUSH], 5);
	assert_string_equal(fleet_commit_setting(&fleet, &first)->failed_reason, "r");
	assert_int_equal(fleet_commit_setting(&fleet, &second)->max_jobs, 32);
	assert_string_equal(fleet.substitutions[0].when_contains, "c");
}

static void
settings_of_other_commits_are_not_taken(void **state)
{
	struct commit_id id;
	(void)state;
	assert_int_equal(parse(FLEET(",\"commits\":{\"0123456789abcdef1\":{\"max_jobs\":2}}")), 0);
	commit_id_parse(&id, H1, NULL);	/* same first 12 digits, then not */
	assert_null(fleet_commit_setting(&fleet, &id));
	commit_id_parse(&id, H2, NULL);
	assert_null(fleet_commit_setting(&fleet, &id));
	assert_false(fleet_human_is_fixed(&fleet, &id));
}

static const struct { const char *text, *want; } bad[] = {
	{ "[]", "fleet.json: not an object" },
	{ "{\"version\":2}", "fleet.json: /version: 2: not a whole number from 1 to 1" },
	{ "{}", "fleet.json: /version: missing" },
	{ "{\"version\":1}", "fleet.json: /name: missing" },
	{ FLEET(",\"regisrty\":\"x\""), "fleet.json: /regisrty: unknown key; did you mean \"registry\"?" },
	{ FLEET(",\"zzzzzzzz\":1"), "fleet.json: /zzzzzzzz: unknown key" },
	{ BUILD_WITH(",\"max_job\":1"), "fleet.json: /build/max_job: unknown key; did you mean \"max_jobs\"?" },
	{ FLEET(",\"registry\":\"http://x\""), "fleet.json: /registry: \"http://x\": not a host or host:port" },
	{ FLEET(",\"create\":\"yes\""), "fleet.json: /create: \"yes\": not true or false" },
	{ FLEET(",\"dataset\":\"a\\u0007\""), "fleet.json: /dataset: \"a\\u0007\": holds a control character" },
	{ FLEET(",\"fixed_humans\":[\"abc\"]"), "fleet.json: /fixed_humans/0: \"abc\" is not 40 hex digits" },
	{ FLEET(",\"fixed_humans\":[1]"), "fleet.json: /fixed_humans: [1]: not an array of strings" },
	{ FLEET(",\"pools\":{\"cuda\":0}"), "fleet.json: /pools/cuda: 0: not a whole number from 1 to 4096" },
	{ FLEET(",\"pools\":{\"cuda\":\"many\"}"), "fleet.json: /pools/cuda: \"many\": neither auto nor a number" },
	{ FLEET(",\"pools\":[]"), "fleet.json: /pools: []: not an object" },
	{ FLEET(",\"commits\":{\"0123\":{}}"), "fleet.json: /commits: \"0123\": not 12 to 40 hex digits" },
	{ FLEET(",\"commits\":{\"0123456789ab\":{},\"0123456789abc\":{}}"),
	  "fleet.json: /commits: 0123456789ab and 0123456789abc are the same commit" },
	{ FLEET(",\"commits\":{\"0123456789ab\":{\"failed\":{}}}"),
	  "fleet.json: /commits/0123456789ab/failed/error: missing" },
	{ FLEET(",\"extra_commits\":[{\"human\":\"xx\"}]"),
	  "fleet.json: /extra_commits/0/human: \"xx\": not 4 to 40 hex digits" },
	{ FLEET(",\"extra_commits\":[7]"), "fleet.json: /extra_commits/0: not an object" },
	{ FLEET(",\"substitutions\":[{\"name\":\"s\",\"files\":[],\"from\":\"\",\"to\":\"\"}]"),
	  "fleet.json: /substitutions/0/from: \"\": empty" },
	{ FLEET(",\"substitutions\":[{\"name\":\"s\",\"files\":[],\"from\":\"a\",\"to\":\"a\"}]"),
	  "fleet.json: /substitutions/0/to: \"a\": is the same as from: it would change nothing" },
	{ BUILD_WITH(",\"args\":{\"a b\":\"\"}"), "fleet.json: /build/args/a b: \"\": not a variable's name" },
	{ BUILD_WITH(",\"args\":{\"a\":1}"), "fleet.json: /build/args/a: 1: not a string" },
	{ BUILD_WITH(",\"network\":\"host,none\""),
	  "fleet.json: /build/network: \"host,none\": not one of default, host, none" },
	{ BUILD_WITH(",\"isolation\":\"chroot; x\""),
	  "fleet.json: /build/isolation: \"chroot; x\": not one of chroot, oci, rootless" },
	{ "{" NEEDED ",\"build\":{\"dockerfile\":\"D\",\"smoke_test\":[\"\",\" \"]}}",
	  "fleet.json: /build/smoke_test: [\"\",\" \"]: empty" },
	{ BUILD_WITH(",\"args\":{\"BASE\":\"x\"}"), "fleet.json: /build/args/BASE: \"x\": gen sets this one itself" },
	{ FLEET(",\"commits\":{\"0123456789ab\":{\"args\":{\"BUILD_COMMIT\":\"\"}}}"),
	  "fleet.json: /commits/0123456789ab/args/BUILD_COMMIT: \"\": gen sets this one itself" },
	{ BUILD_WITH(",\"tree_args\":[{\"arg\":\"A=B\",\"files\":[\"f\"],\"after\":\"x\"}]"),
	  "fleet.json: /build/tree_args/0/arg: \"A=B\": not a variable's name" },
	{ BUILD_WITH(",\"tree_args\":[{\"arg\":\"SOURCE_DATE_EPOCH\",\"files\":[\"f\"],\"after\":\"x\"}]"),
	  "fleet.json: /build/tree_args/0/arg: \"SOURCE_DATE_EPOCH\": gen sets this one itself" },
	{ BUILD_WITH(",\"tree_args\":[{\"arg\":\"A\",\"files\":[],\"after\":\"x\"}]"),
	  "fleet.json: /build/tree_args/0/files: []: empty" },
	{ BUILD_WITH(",\"max_jobs\":1.5"), "fleet.json: /build/max_jobs: 1.5: not a whole number from 1 to 4096" },
	{ BUILD_WITH(",\"context_files\":\"../x\""),
	  "fleet.json: /build/context_files: \"../x\": not a relative path inside the folder" },
	{ "{\"version\":1,\"name\":\"A b\"}",
	  "fleet.json: /name: \"A b\": not a name: lower-case letters, digits, and . _ - between them" },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{},\"mappings\":[{\"name\":\"all\",\"file\":\"f\"}]}",
	  "fleet.json: /mappings/0/name: \"all\": is the name of another target" },
	{ NAMED("extra", "m.json"), "fleet.json: /mappings/0/name: \"extra\": is the name of another target" },
	{ NAMED("build.ninja", "m"), IS_READ("build.ninja") },
	{ NAMED("patches", "m"), IS_READ("patches") },
	{ NAMED("fleet.json", "m"), IS_READ("fleet.json") },
	{ NAMED("v1", "v1"), IS_READ("v1") },
	{ NAMED("dockerfile", "m"), IS_READ("dockerfile") },
	{ NAMED("files", "m"), IS_READ("files") },
	{ NAMED("data", "m"), IS_READ("data") },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oops\",\"when\":[{\"no_tag\":\"v\"}]}]"),
	  "fleet.json: /preflight/0/predicts: \"oops\": not a class of failures" },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oom\"}]"),
	  "fleet.json: /preflight/0/when: a rule needs a condition, introduced_by or fixed_by" },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oom\",\"fixed_by\":\"HEAD\"}]"),
	  "fleet.json: /preflight/0/fixed_by: \"HEAD\": not 4 to 40 hex digits" },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oom\",\"when\":[{\"file\":\"f\"}]}]"),
	  "fleet.json: /preflight/0/when/0: expected exactly one of contains, lacks, rejects_python, below, no_tag" },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oom\",\"when\":[{\"contains\":\"x\"}]}]"),
	  "fleet.json: /preflight/0/when/0/file: missing" },
	{ FLEET(",\"preflight\":[{\"name\":\"p\",\"predicts\":\"oom\",\"fixed_by\":\"abcd\",\"cure\":{\"substitution\":\"s\"}}]"),
	  "fleet.json: /preflight/0/cure/substitution: \"s\": no substitution has this name" },
	{ FLEET(",\"native\":{\"inputs\":[]}"), "fleet.json: /native/inputs: []: empty" },
	{ FLEET(",\"native\":{\"inputs\":[\"c\"],\"pins\":[{\"package\":\"\",\"files\":[\"f\"]}]}"),
	  "fleet.json: /native/pins/0/package: \"\": empty" },
	{ FLEET(",\"commits\":{\"0123456789ab\":{\"native\":\"reuse\"}}"),
	  "fleet.json: /commits/0123456789ab/native: \"reuse\": neither auto nor compile" },
	{ FLEET(",\"commits\":{\"0123456789ab\":{\"failed\":{\"error\":\"e\",\"input\":\"sha256:1\"}}}"),
	  "fleet.json: /commits/0123456789ab/failed/input: \"sha256:1\": not a digest: sha256: and 64 hex digits" },
	{ BUILD_WITH(",\"ladder\":[4,8]"),
	  "fleet.json: /build/ladder: [4,8]: not a list of job counts, each smaller than the one before" },
	{ BUILD_WITH(",\"gb_per_job_when\":[{\"file\":\"f\",\"contains\":\"x\"}]"),
	  "fleet.json: /build/gb_per_job_when/0/gb_per_job: missing" },
	{ "{" NEEDED ",\"build\":{\"dockerfile\":\"/D\",\"smoke_test\":\"x\"}}",
	  "fleet.json: /build/dockerfile: \"/D\": not a relative path inside the folder" },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{\"path\":\"\"}}",
	  "fleet.json: /source/path: \"\": empty" },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{},\"mappings\":[{\"name\":\"a\",\"file\":\"\"}]}",
	  "fleet.json: /mappings/0/file: \"\": empty" },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{},\"mappings\":[{\"name\":\"a\",\"file\":\"f\"}],"
	  "\"baseline_repository\":\"Me/x\"}",
	  "fleet.json: /baseline_repository: \"Me/x\": not a repository's path (lower case)" },
	{ SOURCE("https://user:secret@example.org/x.git"), NO_SECRET },
	{ SOURCE("https://secret@example.org/x.git"), NO_SECRET },
	{ SOURCE("ssh://git:secret@example.org/x.git"), NO_SECRET },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{},\"mappings\":[{\"name\":\"a\",\"file\":\"f\"},"
	  "{\"name\":\"a\",\"file\":\"g\"}]}",
	  "fleet.json: /mappings/1/name: \"a\": another mapping has this name" },
	{ "{\"version\":1,\"name\":\"x\",\"source\":{},\"mappings\":[{\"name\":\"a\",\"file\":\"f\",\"items\":\"d\"}]}",
	  "fleet.json: /mappings/0/items: \"d\": not a JSON Pointer: it starts with /" },
};

static void
a_user_that_is_no_secret_may_stand_in_the_url(void **state)
{
	static const char *const urls[] = { "ssh://git@example.org/x.git", "git@example.org:x.git",
	                                    "https://example.org/a@b", "file:///a:b@c" };
	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(*urls); i++) {
		char text[512];
		snprintf(text, sizeof(text), "{\"version\":1,\"name\":\"x\",\"source\":{\"url\":\"%s\"},"
		         "\"mappings\":[],\"baseline_repository\":\"b\",\"human_repository\":\"h\"," BUILD "}", urls[i]);
		assert_int_equal(parse(text), 0);
	}
}

static void
a_mistake_is_named_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		assert_int_equal(parse(bad[i].text), -1);
		assert_string_equal(err.text, bad[i].want);
	}
}

static void
broken_json_has_a_line(void **state)
{
	(void)state;
	assert_int_equal(parse("{\n\"version\":1,,"), -1);
	assert_memory_equal(err.text, "fleet.json:2:", 13);
	assert_int_equal(parse("{\"name\":1,\"name\":2}"), -1);
	assert_non_null(strstr(err.text, "duplicate"));
}

GROUP(test_fleet)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(what_is_left_out_has_a_default, forget),
		cmocka_unit_test_teardown(every_field_is_read, forget),
		cmocka_unit_test_teardown(settings_of_other_commits_are_not_taken, forget),
		cmocka_unit_test_teardown(a_user_that_is_no_secret_may_stand_in_the_url, forget),
		cmocka_unit_test_teardown(a_mistake_is_named_with_its_place, forget),
		cmocka_unit_test_teardown(broken_json_has_a_line, forget),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
