/* plan_text.h - the plan as JSON, and as a page for a person.  Pure. */
#ifndef GEN_PLAN_TEXT_H
#define GEN_PLAN_TEXT_H

#define PLAN_VERSION 1

struct error;
struct plan;
struct sink;
struct str;
struct surroundings;

/*
 * The plan as one JSON document: out/plan.json and --json.  "version" goes up
 * when a field changes its meaning; new fields may come at any time.  Errors: the sink's.
 */
int plan_json(struct sink *out, const struct plan *plan, const struct surroundings *s,
              struct error *err);

/*
 * What is to be built as a JSON array, in the format that build scripts read:
 * parent_full, human_short, human_full, model, source (the mapping's name).  Errors: the
 * sink's.
 */
int plan_build_list(struct sink *out, const struct plan *plan, struct error *err);

/* Totals, what will be built, what is held and why: a screen for a person. */
void plan_summary(struct str *out, const struct plan *plan);

#endif
