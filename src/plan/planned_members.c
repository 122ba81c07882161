#include "plan/planned_members.h"

#include <stddef.h>

#include "plan/planned.h"

static const char *
verdict_word(unsigned v)
{
	return verdict_name((enum verdict)v);
}

static const char *
decision_word(unsigned d)
{
	return decision_name((enum decision)d);
}

static const char *
native_word(unsigned n)
{
	return native_name((enum native)n);
}

#define VERDICT .word = verdict_word, .n_words = VERDICTS
#define DECISION .word = decision_word, .n_words = DECISIONS
#define NATIVE .word = native_word, .n_words = NATIVES
#define OURS .is_ours = true
#define END { .key = NULL }

/* ---- the fleet ---- */

#define FLEET(name, type, ...) MEMBERS_ROW(name, type, struct planned, __VA_ARGS__)

static const struct members_row totals[] = {
	FLEET("entries", LONG, totals.entries),
	FLEET("parents", LONG, totals.parents),
	FLEET("present", LONG, totals.present),
	FLEET("absent", LONG, totals.absent),
	FLEET("unknown", LONG, totals.unknown),
	FLEET("skip", LONG, totals.skip),
	FLEET("build", LONG, totals.build),
	FLEET("hold", LONG, totals.hold),
	FLEET("unmapped_tags", LONG, totals.unmapped_tags),
	FLEET("reuse", LONG, totals.native[NATIVE_REUSE]),
	FLEET("share", LONG, totals.native[NATIVE_SHARE]),
	FLEET("wheel", LONG, totals.native[NATIVE_WHEEL]),
	FLEET("compile", LONG, totals.native[NATIVE_COMPILE]),
	FLEET("dataset", LONG, totals.dataset),
	END
};

static const struct members_row pools[] = {
	FLEET("source", LONG, pools[POOL_SOURCE]),
	FLEET("cuda", LONG, pools[POOL_CUDA]),
	FLEET("cuda_reason", TEXT, cuda_reason),
	FLEET("light", LONG, pools[POOL_LIGHT]),
	FLEET("push", LONG, pools[POOL_PUSH]),
	END
};

const struct members_row planned_members[] = {
	FLEET("version", LONG, version),
	FLEET("fleet", TEXT, fleet),
	FLEET("totals", OBJECT, fleet, .members = totals),
	FLEET("pools", OBJECT, fleet, .members = pools),
	FLEET("source", TEXT, source, OURS),
	FLEET("registry", TEXT, registry, OURS),
	FLEET("home", TEXT, home, OURS),
	FLEET("dockerfile", TEXT, dockerfile, OURS),
	FLEET("dockerfile_digest", TEXT, dockerfile_digest, OURS),
	FLEET("context_files", TEXT, context_files, OURS),
	FLEET("context_digest", TEXT, context_digest, OURS),
	FLEET("args", VALUES, args, OURS),
	FLEET("env", VALUES, env, OURS),
	FLEET("max_jobs", LONG, max_jobs, OURS),
	FLEET("gb_per_job", LONG, gb_per_job, OURS),
	END
};

/* ---- an image ---- */

#define IMAGE(name, type, ...) MEMBERS_ROW(name, type, struct planned_image, __VA_ARGS__)
#define WITH_WHEEL .with = offsetof(struct planned_image, wheel)

static const struct members_row base[] = {
	IMAGE("image", TEXT, base.image),
	IMAGE("verdict", WORD, base.verdict, VERDICT),
	IMAGE("digest", TEXT, base.digest),
	END
};

const struct members_row planned_image_members[] = {
	IMAGE("target", TEXT, target),
	IMAGE("parent", TEXT, parent),
	IMAGE("humans", TEXTS, humans),
	IMAGE("model", TEXT, model),
	IMAGE("mapping", TEXTS, mappings),
	IMAGE("image", TEXT, image),
	IMAGE("verdict", WORD, verdict, VERDICT),
	IMAGE("digest", TEXT, digest),
	IMAGE("decision", WORD, decision, DECISION),
	IMAGE("reason", TEXT, reason),
	IMAGE("hold", TEXT, hold_word),
	IMAGE("subject", TEXT, subject),
	IMAGE("time", LONG, time_s),
	IMAGE("base", OBJECT, base.image, .members = base),
	IMAGE("native", WORD, native, NATIVE),
	IMAGE("native_reason", TEXT, native_reason),
	IMAGE("native_key", TEXT, native_key),
	IMAGE("objects", TEXT, objects),
	IMAGE("wheel", TEXT, wheel, WITH_WHEEL),
	IMAGE("wheel_digest", TEXT, wheel_digest, WITH_WHEEL),
	IMAGE("patches", TEXTS, patches),
	IMAGE("preflight", TEXTS, preflight),
	IMAGE("max_jobs", LONG, max_jobs),
	IMAGE("input", TEXT, input),
	IMAGE("tree", TEXT, tree, OURS),
	IMAGE("patch_digests", TEXTS, patch_digests, OURS),
	IMAGE("args", VALUES, args, OURS),
	IMAGE("env", VALUES, env, OURS),
	IMAGE("gb_per_job", LONG, gb_per_job, OURS),
	END
};

/* ---- a tag in no mapping ---- */

#define TAG(name, type, at) MEMBERS_ROW(name, type, struct planned_tag, at)

const struct members_row planned_tag_members[] = {
	TAG("tag", TEXT, tag),
	TAG("human", TEXT, human),
	TAG("parent", TEXT, parent),
	END
};
