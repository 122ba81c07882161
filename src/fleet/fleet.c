#include "fleet/fleet.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/image_ref.h"
#include "base/str.h"
#include "fleet/fleet_rules.h"
#include "fleet/ladder.h"
#include "fleet/target.h"
#include "git/substitution.h"
#include "record/native_way.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))
#define KNOWN(f, ...) \
	fields_check_names(f, (const char *const[]){ __VA_ARGS__ }, \
	                   COUNT(((const char *const[]){ __VA_ARGS__ })))

#define JOBS_MOST 4096
#define DEPTH_MOST 4096
#define SECONDS_MOST (30L * 24 * 3600)

/* A name that is safe in a target, a file name and an image name. */
static bool
is_name(const char *text)
{
	static const char first[] = "abcdefghijklmnopqrstuvwxyz0123456789";
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789._-");
	return *text && strchr(first, *text) && !text[n] && n <= 64 && image_ref_repository_valid(text);
}

/* Relative, and never out of the folder it starts from. */
static bool
is_inner_path(const char *path)
{
	if (!*path || *path == '/')
		return false;
	for (const char *p = path; p; p = strchr(p, '/')) {
		p += *p == '/';
		if (strncmp(p, "..", 2) == 0 && (p[2] == '/' || !p[2]))
			return false;
	}
	return true;
}

static int
read_name(const char **out, const struct fields *f, const char *key)
{
	if (fields_needed(f, key) < 0 || fields_string(out, f, key) < 0)
		return -1;
	if (!is_name(*out))
		return fields_error(f, key, "not a name: lower-case letters, digits, and . _ - between them");
	return 0;
}

static int
read_repository(const char **out, const struct fields *f, const char *key)
{
	if (fields_needed(f, key) < 0 || fields_string(out, f, key) < 0)
		return -1;
	if (!image_ref_repository_valid(*out))
		return fields_error(f, key, "not a repository's path (lower case)");
	return 0;
}

/* What stands before '@' in https://user:password@host; the URL is a label of every image. */
static bool
holds_secret(const char *url)
{
	const char *who = strstr(url, "://");
	if (!who)
		return false;
	who += strlen("://");
	size_t authority = strcspn(who, "/?#");
	const char *at = memrchr(who, '@', authority);
	return at && (strncmp(url, "http", 4) == 0 || memchr(who, ':', (size_t)(at - who)));
}

static int
read_source(struct fleet *out, const struct fields *f)
{
	struct fields source;

	out->source_url = NULL;
	out->source_path = "out/source.git";
	if (fields_needed(f, "source") < 0 || fields_object(&source, f, "source") < 0 ||
	    KNOWN(&source, "url", "path") < 0 || fields_string(&out->source_url, &source, "url") < 0 ||
	    fields_string(&out->source_path, &source, "path") < 0)
		return -1;
	if (!*out->source_path)
		return fields_error(&source, "path", "empty");
	/* Not by fields_error: it would print the secret. */
	if (out->source_url && holds_secret(out->source_url))
		return error_set(f->err, "%s: /source/url: holds a user name or password; clone it with git and "
		                 "give the clone's path", f->file);
	return 0;
}

static int
read_mapping_fields(struct mapping *m, const struct fields *f)
{
	struct fields names;
	int there = fields_object(&names, f, "fields");
	if (there <= 0)
		return there;
	if (KNOWN(&names, "human", "human_short", "parent", "parent_short", "model") < 0 ||
	    fields_string(&m->field.human, &names, "human") < 0 ||
	    fields_string(&m->field.human_short, &names, "human_short") < 0 ||
	    fields_string(&m->field.parent, &names, "parent") < 0 ||
	    fields_string(&m->field.parent_short, &names, "parent_short") < 0 ||
	    fields_string(&m->field.model, &names, "model") < 0)
		return -1;
	return 0;
}

/* Names that are targets of their own. */
static bool
is_taken(const char *name)
{
	return strcmp(name, "all") == 0 || strcmp(name, "local") == 0 || strcmp(name, "extra") == 0 ||
	       target_has_prefix(name, TARGET_PREFIX) || target_has_prefix(name, TARGET_HUMAN) ||
	       target_has_prefix(name, TARGET_LOCAL);
}

static int
read_mapping(struct mapping *m, const struct fields *f)
{
	m->items = "";
	if (KNOWN(f, "name", "title", "file", "items", "fields") < 0 ||
	    read_name(&m->name, f, "name") < 0 || fields_string(&m->title, f, "title") < 0 ||
	    fields_needed(f, "file") < 0 || fields_string(&m->file, f, "file") < 0 ||
	    fields_string(&m->items, f, "items") < 0 || read_mapping_fields(m, f) < 0)
		return -1;
	if (is_taken(m->name))
		return fields_error(f, "name", "is the name of another target");
	if (!*m->file)
		return fields_error(f, "file", "empty");
	if (*m->items && *m->items != '/')
		return fields_error(f, "items", "not a JSON Pointer: it starts with /");
	return 0;
}

static int
read_mappings(struct fleet *out, const struct fields *f)
{
	json_t *array;
	if (fields_needed(f, "mappings") < 0 || fields_array(&array, f, "mappings") < 0)
		return -1;
	out->n_mappings = json_array_size(array);
	out->mappings = arena_array(f->arena, out->n_mappings + 1, sizeof(*out->mappings));
	out->mappings[out->n_mappings] =
		(struct mapping){ .name = "extra", .file = f->file, .items = "/extra_commits" };
	for (size_t i = 0; i < out->n_mappings; i++) {
		struct fields element;
		if (fields_element(&element, f, "mappings", array, i) < 0 ||
		    read_mapping(&out->mappings[i], &element) < 0)
			return -1;
		for (size_t j = 0; j < i; j++)
			if (strcmp(out->mappings[j].name, out->mappings[i].name) == 0)
				return fields_error(&element, "name", "another mapping has this name");
	}
	return 0;
}

/*
 * A target that is also a file which the build file is made from would make the images
 * come before every look at that file.
 */
static bool
is_read_file(const struct fleet *fleet, const char *fleet_file, const char *name)
{
	const char *files[] = { fleet_file, fleet->dataset, fleet->build.dockerfile,
	                        fleet->build.context_files, "build.ninja", "patches" };

	for (size_t i = 0; i < COUNT(files); i++)
		if (files[i] && strcmp(files[i], name) == 0)
			return true;
	for (size_t i = 0; i < fleet->n_mappings; i++)
		if (strcmp(fleet->mappings[i].file, name) == 0)
			return true;
	return false;
}

static int
check_mapping_names(const struct fleet *fleet, const struct fields *f)
{
	for (size_t i = 0; i < fleet->n_mappings; i++)
		if (is_read_file(fleet, f->file, fleet->mappings[i].name))
			return error_set(f->err, "%s: /mappings/%zu/name: \"%s\": is the name of a file that is read",
			                 f->file, i, fleet->mappings[i].name);
	return 0;
}

static int
read_hash_field(char out[COMMIT_ID_HEX + 1], const struct fields *f, const char *key)
{
	const char *text = "";
	if (fields_needed(f, key) < 0 || fields_string(&text, f, key) < 0)
		return -1;
	if (commit_id_parse_prefix(out, text, NULL) < 0)
		return fields_error(f, key, "not 4 to 40 hex digits");
	return 0;
}

static int
read_extra_commits(struct fleet *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "extra_commits");
	if (there <= 0)
		return there;
	out->n_extra = json_array_size(array);
	out->extra = arena_array(f->arena, out->n_extra, sizeof(*out->extra));
	for (size_t i = 0; i < out->n_extra; i++) {
		struct entry *e = &out->extra[i];
		struct fields element;
		if (fields_element(&element, f, "extra_commits", array, i) < 0 ||
		    KNOWN(&element, "human", "parent", "model") < 0 ||
		    read_hash_field(e->human, &element, "human") < 0 ||
		    read_hash_field(e->parent, &element, "parent") < 0 ||
		    fields_string(&e->model, &element, "model") < 0)
			return -1;
		e->mapping = (unsigned)out->n_mappings;
		e->place = (unsigned)i;
	}
	return 0;
}

static int
compare_ids(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct commit_id));
}

static int
read_fixed_humans(struct fleet *out, const struct fields *f)
{
	const char **texts = NULL;
	if (fields_strings(&texts, &out->n_fixed_humans, f, "fixed_humans") < 0)
		return -1;
	out->fixed_humans = arena_array(f->arena, out->n_fixed_humans, sizeof(*out->fixed_humans));
	for (size_t i = 0; i < out->n_fixed_humans; i++)
		if (commit_id_parse(&out->fixed_humans[i], texts[i], f->err) < 0)
			return error_prefix(f->err, "%s: /fixed_humans/%zu", f->file, i);
	if (out->n_fixed_humans)
		qsort(out->fixed_humans, out->n_fixed_humans, sizeof(*out->fixed_humans), compare_ids);
	return 0;
}

static int
read_registry(struct fleet *out, const struct fields *f)
{
	out->registry = "docker.io";
	if (fields_string(&out->registry, f, "registry") < 0 ||
	    fields_bool(&out->insecure_registry, f, "insecure_registry") < 0 ||
	    fields_bool(&out->create, f, "create") < 0 ||
	    read_repository(&out->baseline_repository, f, "baseline_repository") < 0 ||
	    read_repository(&out->human_repository, f, "human_repository") < 0)
		return -1;
	if (!image_ref_registry_valid(out->registry))
		return fields_error(f, "registry", "not a host or host:port");
	return 0;
}

/* What every Dockerfile is told of the image it makes: nobody may say otherwise. */
static bool
is_own_arg(const char *name)
{
	return strcmp(name, "BASE") == 0 || strcmp(name, "BUILD_COMMIT") == 0 ||
	       strcmp(name, "SOURCE_DATE_EPOCH") == 0;
}

static int
read_args(struct name_value **out, size_t *n, const struct fields *f)
{
	struct fields args;
	int there = fields_name_values(out, n, f, "args");
	if (there <= 0)
		return there;
	fields_object(&args, f, "args");
	for (size_t i = 0; i < *n; i++)
		if (is_own_arg((*out)[i].name))
			return fields_error(&args, (*out)[i].name, "gen sets this one itself");
	return 1;
}

static int
read_tree_arg(struct tree_arg *out, const struct fields *f)
{
	if (KNOWN(f, "arg", "files", "after", "default") < 0 || fields_needed(f, "arg") < 0 ||
	    fields_variable(&out->name, f, "arg") < 0 || fields_needed(f, "files") < 0 ||
	    fields_strings(&out->files, &out->n_files, f, "files") < 0 ||
	    fields_needed(f, "after") < 0 || fields_string(&out->after, f, "after") < 0 ||
	    fields_string(&out->fallback, f, "default") < 0)
		return -1;
	if (is_own_arg(out->name))
		return fields_error(f, "arg", "gen sets this one itself");
	if (!out->n_files)
		return fields_error(f, "files", "empty");
	return *out->after ? 0 : fields_error(f, "after", "empty");
}

static int
read_tree_args(struct fleet *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "tree_args");
	if (there <= 0)
		return there;
	out->build.n_tree_args = json_array_size(array);
	out->build.tree_args = arena_array(f->arena, out->build.n_tree_args, sizeof(struct tree_arg));
	for (size_t i = 0; i < out->build.n_tree_args; i++) {
		struct fields element;
		if (fields_element(&element, f, "tree_args", array, i) < 0 ||
		    read_tree_arg(&out->build.tree_args[i], &element) < 0)
			return -1;
	}
	return 0;
}

static int
read_build_limits(struct fleet *out, const struct fields *f)
{
	out->build.max_jobs = 1;
	out->build.nvcc_threads = 1;
	out->build.deadline_s = 5400;
	out->build.grace_s = 10;
	out->build.disk_gb = 0;
	out->build.gb_per_job = 0;
	if (fields_long(&out->build.max_jobs, f, "max_jobs", 1, JOBS_MOST) < 0 ||
	    fields_long(&out->build.nvcc_threads, f, "nvcc_threads", 1, 64) < 0 ||
	    fields_long(&out->build.deadline_s, f, "deadline_s", 1, SECONDS_MOST) < 0 ||
	    fields_long(&out->build.grace_s, f, "grace_s", 0, 3600) < 0 ||
	    fields_long(&out->build.disk_gb, f, "disk_gb", 0, 1000000) < 0 ||
	    fields_long(&out->build.gb_per_job, f, "gb_per_job", 0, 1000000) < 0 ||
	    fields_long(&out->build.attempts, f, "attempts", 1, 100) < 0)
		return -1;
	return 0;
}

static int
read_memory_rules(struct fleet *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "gb_per_job_when");
	if (there <= 0)
		return there;
	out->build.n_memory_rules = json_array_size(array);
	out->build.memory_rules =
		arena_array(f->arena, out->build.n_memory_rules, sizeof(struct memory_rule));
	for (size_t i = 0; i < out->build.n_memory_rules; i++) {
		struct memory_rule *rule = &out->build.memory_rules[i];
		struct fields e;
		if (fields_element(&e, f, "gb_per_job_when", array, i) < 0 ||
		    KNOWN(&e, "file", "contains", "gb_per_job") < 0 || fields_needed(&e, "file") < 0 ||
		    fields_string(&rule->file, &e, "file") < 0 || fields_needed(&e, "contains") < 0 ||
		    fields_string(&rule->contains, &e, "contains") < 0 ||
		    fields_needed(&e, "gb_per_job") < 0 ||
		    fields_long(&rule->gb_per_job, &e, "gb_per_job", 0, 1000000) < 0)
			return -1;
	}
	return 0;
}

/* An array of falling numbers, kept as the text that steps read. */
static int
read_ladder(struct fleet *out, const struct fields *f)
{
	json_t *array, *rung;
	size_t i;
	struct str text = { 0 };
	struct ladder ladder;
	int there = fields_array(&array, f, "ladder");

	if (there <= 0)
		return there;
	json_array_foreach(array, i, rung)
		str_addf(&text, "%s%lld", i ? "," : "", (long long)json_integer_value(rung));
	out->build.ladder = arena_strdup(f->arena, str_text(&text));
	str_dispose(&text);
	if (ladder_parse(&ladder, out->build.ladder, NULL) < 0)
		return fields_error(f, "ladder", "not a list of job counts, each smaller than the one before");
	return 1;
}

static int
read_keep_local(struct fleet *out, const struct fields *f)
{
	bool keep = true;
	if (fields_bool(&keep, f, "keep_local") < 0)
		return -1;
	out->build.remove_local = !keep;
	return 0;
}

static bool
is_word_of(const char *text, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(text, words[i]) == 0)
			return true;
	return false;
}

static int
check_build(struct fleet *out, const struct fields *f)
{
	static const char *const networks[] = { "default", "host", "none" };
	static const char *const isolations[] = { "", "chroot", "oci", "rootless" };

	if (!is_inner_path(out->build.dockerfile))
		return fields_error(f, "dockerfile", "not a relative path inside the folder");
	if (out->build.context_files && !is_inner_path(out->build.context_files))
		return fields_error(f, "context_files", "not a relative path inside the folder");
	if (!out->build.smoke_test[strspn(out->build.smoke_test, " \t\n")])
		return fields_error(f, "smoke_test", "empty");
	if (!is_word_of(out->build.isolation, isolations, COUNT(isolations)))
		return fields_error(f, "isolation", "not one of chroot, oci, rootless");
	if (!is_word_of(out->build.network, networks, COUNT(networks)))
		return fields_error(f, "network", "not one of default, host, none");
	return 0;
}

static int
read_build(struct fleet *out, const struct fields *f)
{
	struct fields build;

	out->build.network = "default";
	out->build.isolation = "";
	if (fields_needed(f, "build") < 0 || fields_object(&build, f, "build") < 0 ||
	    KNOWN(&build, "dockerfile", "context_files", "max_jobs", "nvcc_threads", "deadline_s",
	          "grace_s", "disk_gb", "gb_per_job", "gb_per_job_when", "ladder", "attempts",
	          "keep_local", "args", "tree_args", "env", "network", "isolation",
	          "smoke_test") < 0 ||
	    fields_needed(&build, "dockerfile") < 0 ||
	    fields_string(&out->build.dockerfile, &build, "dockerfile") < 0 ||
	    fields_string(&out->build.context_files, &build, "context_files") < 0 ||
	    read_build_limits(out, &build) < 0 || read_memory_rules(out, &build) < 0 ||
	    read_ladder(out, &build) < 0 || read_keep_local(out, &build) < 0 ||
	    read_args(&out->build.args, &out->build.n_args, &build) < 0 ||
	    read_tree_args(out, &build) < 0 ||
	    fields_name_values(&out->build.env, &out->build.n_env, &build, "env") < 0 ||
	    fields_string(&out->build.network, &build, "network") < 0 ||
	    fields_string(&out->build.isolation, &build, "isolation") < 0 ||
	    fields_needed(&build, "smoke_test") < 0 ||
	    fields_text(&out->build.smoke_test, &build, "smoke_test") < 0)
		return -1;
	return check_build(out, &build);
}

/* A number; for what compiles, "auto" as well. */
static int
read_depth(struct fleet *out, const struct fields *pools, enum pool p)
{
	const char *name = pool_name(p);
	json_t *value = json_object_get(pools->object, name);

	/* A depth of 0 would mean "without limit" to ninja. */
	if (p != POOL_CUDA || !json_is_string(value))
		return fields_long(&out->pool[p], pools, name, 1, DEPTH_MOST);
	if (strcmp(json_string_value(value), "auto") != 0)
		return fields_error(pools, name, "neither auto nor a number");
	out->pool[p] = POOL_AUTO;
	return 1;
}

static int
read_pools(struct fleet *out, const struct fields *f)
{
	static const long depths[POOLS] = {
		[POOL_SOURCE] = 2, [POOL_CUDA] = 1, [POOL_LIGHT] = 2, [POOL_PUSH] = 2,
	};
	const char *names[POOLS];
	struct fields pools;

	memcpy(out->pool, depths, sizeof(depths));
	int there = fields_object(&pools, f, "pools");
	if (there <= 0)
		return there;
	for (unsigned p = 0; p < POOLS; p++)
		names[p] = pool_name((enum pool)p);
	if (fields_check_names(&pools, names, POOLS) < 0)
		return -1;
	for (unsigned p = 0; p < POOLS; p++)
		if (read_depth(out, &pools, (enum pool)p) < 0)
			return -1;
	return 0;
}

static int
read_failed(struct commit_setting *out, const struct fields *f)
{
	struct fields failed;
	int there = fields_object(&failed, f, "failed");
	if (there <= 0)
		return there;
	out->failed_reason = "";
	if (KNOWN(&failed, "error", "reason", "input") < 0 || fields_needed(&failed, "error") < 0 ||
	    fields_string(&out->failed_error, &failed, "error") < 0 ||
	    fields_string(&out->failed_reason, &failed, "reason") < 0 ||
	    fields_string(&out->failed_input, &failed, "input") < 0)
		return -1;
	if (out->failed_input && !image_ref_digest_valid(out->failed_input))
		return fields_error(&failed, "input", "not a digest: sha256: and 64 hex digits");
	return 0;
}

static int
read_commit(struct commit_setting *out, const struct fields *f)
{
	const char *native = "auto";

	if (KNOWN(f, "max_jobs", "args", "env", "fix", "failed", "native") < 0 ||
	    fields_long(&out->max_jobs, f, "max_jobs", 1, JOBS_MOST) < 0 ||
	    read_args(&out->args, &out->n_args, f) < 0 ||
	    fields_name_values(&out->env, &out->n_env, f, "env") < 0 ||
	    fields_string(&out->fix, f, "fix") < 0 || read_failed(out, f) < 0 ||
	    fields_string(&native, f, "native") < 0)
		return -1;
	if (!native_wish_parse(&out->compile, native))
		return fields_error(f, "native", "neither auto nor compile");
	return 0;
}

static int
compare_settings(const void *a, const void *b)
{
	const struct commit_setting *x = a, *y = b;
	return strncmp(x->prefix, y->prefix, COMMIT_ID_SHORT);
}

static int
read_setting(struct commit_setting *out, const struct fields *commits, const char *key)
{
	char prefix[COMMIT_ID_HEX + 1];
	struct fields members;

	if (commit_id_parse_prefix(prefix, key, NULL) < 0 || strlen(prefix) < COMMIT_ID_SHORT)
		return error_set(commits->err, "%s: %s: \"%.60s\": not 12 to 40 hex digits",
		                 commits->file, commits->pointer, key);
	out->prefix = arena_strdup(commits->arena, prefix);
	if (fields_object(&members, commits, key) < 0)
		return -1;
	return read_commit(out, &members);
}

static int
read_commits(struct fleet *out, const struct fields *f)
{
	struct fields commits;
	int there = fields_object(&commits, f, "commits");
	if (there <= 0)
		return there;

	out->commits = arena_array(f->arena, json_object_size(commits.object), sizeof(*out->commits));
	const char *key;
	json_t *value;
	json_object_foreach(commits.object, key, value)
		if (read_setting(&out->commits[out->n_commits++], &commits, key) < 0)
			return -1;

	if (out->n_commits)
		qsort(out->commits, out->n_commits, sizeof(*out->commits), compare_settings);
	for (size_t i = 1; i < out->n_commits; i++)
		if (compare_settings(&out->commits[i - 1], &out->commits[i]) == 0)
			return error_set(f->err, "%s: /commits: %s and %s are the same commit", f->file,
			                 out->commits[i - 1].prefix, out->commits[i].prefix);
	return 0;
}

static int
read_substitution(struct substitution *out, const struct fields *f)
{
	struct fields when;

	if (KNOWN(f, "name", "files", "from", "to", "when") < 0 || read_name(&out->name, f, "name") < 0 ||
	    fields_needed(f, "files") < 0 || fields_strings(&out->files, &out->n_files, f, "files") < 0 ||
	    fields_needed(f, "from") < 0 || fields_string(&out->from, f, "from") < 0 ||
	    fields_needed(f, "to") < 0 || fields_string(&out->to, f, "to") < 0)
		return -1;
	if (!*out->from)
		return fields_error(f, "from", "empty");
	if (strcmp(out->from, out->to) == 0)
		return fields_error(f, "to", "is the same as from: it would change nothing");

	int there = fields_object(&when, f, "when");
	if (there <= 0)
		return there;
	if (KNOWN(&when, "file", "contains") < 0 || fields_needed(&when, "file") < 0 ||
	    fields_string(&out->when_file, &when, "file") < 0 || fields_needed(&when, "contains") < 0 ||
	    fields_string(&out->when_contains, &when, "contains") < 0)
		return -1;
	return 0;
}

static int
read_substitutions(struct fleet *out, const struct fields *f)
{
	json_t *array;
	int there = fields_array(&array, f, "substitutions");
	if (there <= 0)
		return there;
	out->n_substitutions = json_array_size(array);
	out->substitutions = arena_array(f->arena, out->n_substitutions, sizeof(*out->substitutions));
	for (size_t i = 0; i < out->n_substitutions; i++) {
		struct fields element;
		if (fields_element(&element, f, "substitutions", array, i) < 0 ||
		    read_substitution(&out->substitutions[i], &element) < 0)
			return -1;
	}
	return 0;
}

static int
read_version(const struct fields *f)
{
	long version;
	if (fields_needed(f, "version") < 0 || fields_long(&version, f, "version", 1, 1) < 0)
		return -1;
	return 0;
}

static int
read_fleet(struct fleet *out, const struct fields *f)
{
	if (KNOWN(f, "version", "name", "source", "mappings", "dataset", "registry",
	          "insecure_registry", "create", "baseline_repository", "human_repository",
	          "fixed_humans", "extra_commits", "build", "pools", "commits", "substitutions",
	          "native", "preflight") < 0 ||
	    read_version(f) < 0 || read_name(&out->name, f, "name") < 0 || read_source(out, f) < 0 ||
	    read_mappings(out, f) < 0 || fields_string(&out->dataset, f, "dataset") < 0 ||
	    read_registry(out, f) < 0 || read_fixed_humans(out, f) < 0 ||
	    read_extra_commits(out, f) < 0 || read_build(out, f) < 0 || read_pools(out, f) < 0 ||
	    read_commits(out, f) < 0 || read_substitutions(out, f) < 0 ||
	    fleet_read_native(out, f) < 0 || fleet_read_preflight(out, f) < 0)
		return -1;
	return check_mapping_names(out, f);
}

int
fleet_parse(struct fleet *out, const char *file, const char *text, size_t len, struct arena *a,
            struct error *err)
{
	json_error_t why;
	json_t *root = json_loadb(text, len, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		return error_set(err, "%s:%d:%d: %s", file, why.line, why.column, why.text);

	struct fields f = { root, file, "", a, err };
	*out = (struct fleet){ .file = file };
	int ret = json_is_object(root) ? read_fleet(out, &f)
	                               : error_set(err, "%s: not an object", file);
	json_decref(root);
	return ret;
}

const struct commit_setting *
fleet_commit_setting(const struct fleet *f, const struct commit_id *parent)
{
	struct commit_setting wanted = { .prefix = parent->hex };
	const struct commit_setting *found = NULL;

	if (f->n_commits)
		found = bsearch(&wanted, f->commits, f->n_commits, sizeof(wanted), compare_settings);
	return found && commit_id_has_prefix(parent, found->prefix) ? found : NULL;
}

bool
fleet_human_is_fixed(const struct fleet *f, const struct commit_id *human)
{
	return f->n_fixed_humans &&
	       bsearch(human, f->fixed_humans, f->n_fixed_humans, sizeof(*human), compare_ids);
}
