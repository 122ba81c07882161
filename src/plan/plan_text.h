/* plan_text.h - the plan as a page for a person, and for build scripts.  Pure. */
#ifndef GEN_PLAN_TEXT_H
#define GEN_PLAN_TEXT_H

struct error;
struct plan;
struct sink;
struct str;

/*
 * What is to be built as a JSON array, in the format that build scripts read:
 * parent_full, human_short, human_full, model, source (the mapping's name).  Errors: the
 * sink's.
 */
int plan_build_list(struct sink *out, const struct plan *plan, struct error *err);

/* Totals, what will be built, what is held and why: a screen for a person. */
void plan_summary(struct str *out, const struct plan *plan);

#endif
