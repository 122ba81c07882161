/* plan_text.h - the plan as JSON, and as a page for a person.  Pure. */
#ifndef GEN_PLAN_TEXT_H
#define GEN_PLAN_TEXT_H

#define PLAN_VERSION 1

struct arena;
struct plan;
struct str;
struct surroundings;

/*
 * The plan as one JSON document: out/plan.json and --json.  "version" goes up
 * when a field changes its meaning; new fields may come at any time.
 */
void plan_json(struct str *out, const struct plan *plan, const struct surroundings *s,
               struct arena *a);

/*
 * What is to be built as a JSON array, in the format that build scripts read:
 * parent_full, human_short, human_full, model, source (the mapping's name).
 */
void plan_build_list(struct str *out, const struct plan *plan);

/* Totals, what will be built, what is held and why: a screen for a person. */
void plan_summary(struct str *out, const struct plan *plan);

#endif
