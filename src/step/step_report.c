#include "step/step_report.h"

#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "logs/log_class.h"
#include "step/edge_run.h"

static void
add_duration(struct str *out, double seconds)
{
	long s = (long)(seconds + 0.5);
	if (s < 60)
		str_addf(out, "%.1f s", seconds);
	else if (s < 3600)
		str_addf(out, "%ld min %ld s", s / 60, s % 60);
	else
		str_addf(out, "%ld h %ld min", s / 3600, s % 3600 / 60);
}

static void
add_jobs(struct str *out, const char *before, long jobs)
{
	str_addf(out, "%s%ld job%s", before, jobs, jobs == 1 ? "" : "s");
}

static void
add_why(struct str *out, const struct edge_run *s, const struct step_failure *f)
{
	str_adds(out, failure_class_name(f->judgement.class));
	if (f->cause)
		str_addf(out, " (%s)", f->cause);
	if (f->finding.line)
		str_addf(out, " at %s:%zu", s->log, f->finding.line);
}

static void
print(struct str *text)
{
	fputs(str_text(text), stderr);
	str_dispose(text);
}

void
report_attempt(const struct edge_run *s, const struct step_failure *f,
               const struct next_attempt *next)
{
	if (next->sequel == SEQUEL_STOP)
		return;
	struct str text = { 0 };
	str_addf(&text, "step: %s of %s: attempt %ld", step_name(s->request->step),
	         s->request->target, s->tries);
	if (s->run.uses_jobs)
		add_jobs(&text, " with ", s->run.jobs);
	str_adds(&text, ": ");
	add_why(&text, s, f);
	if (next->sequel == SEQUEL_FEWER_JOBS)
		add_jobs(&text, "; again with ", next->jobs);
	else
		str_addf(&text, "; again in %.0f s", next->wait_s);
	str_add(&text, '\n');
	print(&text);
}

static void
add_finding(struct str *out, const struct edge_run *s, const struct step_failure *f)
{
	char last[200];
	if (f->cause)
		str_addf(out, "  cause     %s\n", f->cause);
	if (f->finding.line)
		str_addf(out, "  %s  %.200s\n  place     %s:%zu\n",
		         f->judgement.by_fact ? "log says" : "cause   ", f->finding.text, s->log,
		         f->finding.line);
	else if (log_last_line(last, sizeof(last), s->log))
		str_addf(out, "  log ends  %s\n", last);
	if (!f->finding.line)
		str_addf(out, "  log       %s\n", s->log);
}

static void
add_attempts(struct str *out, const struct edge_run *s)
{
	str_addf(out, "  attempts  %ld; the last ", s->tries);
	if (s->run.uses_jobs)
		add_jobs(out, "with ", s->run.jobs);
	str_adds(out, s->run.uses_jobs ? ", took " : "took ");
	add_duration(out, s->end.seconds);
	str_add(out, '\n');
}

static bool
is_held(const struct edge_run *s, const struct step_failure *f)
{
	return step_failure_until(s, f) != UNTIL_WORLD;
}

static const char *
decided(const struct edge_run *s, const struct step_failure *f)
{
	switch (step_failure_until(s, f)) {
	case UNTIL_INPUT:
		return "held until a patch, a rule, the base or the toolkit changes";
	case UNTIL_DEADLINE:
		return "held until deadline_s is raised, or an input of the image changes";
	case UNTIL_JOBS:
		return "held until max_jobs is lowered, or an input of the image changes";
	case UNTIL_WORLD:
		break;
	}
	return "the next ninja tries again";
}

void
report_failure(const struct edge_run *s, const struct step_failure *f)
{
	struct str text = { 0 };
	str_addf(&text, "step: %s of %s failed: %s\n", step_name(s->request->step), s->request->target,
	         failure_class_name(f->judgement.class));
	add_finding(&text, s, f);
	add_attempts(&text, s);
	str_addf(&text, "  decided   %s\n", decided(s, f));
	str_addf(&text, "  to do     %s", failure_class_advice(f->judgement.class));
	if (is_held(s, f))
		str_addf(&text, "; or, to try as it is: gen forget %s", s->request->target);
	str_add(&text, '\n');
	print(&text);
}

void
report_lost(const struct edge_run *s)
{
	fprintf(stderr, "step: %s of %s failed: an input was lost (%s); the next ninja makes it again\n",
	        step_name(s->request->step), s->request->target, s->log);
}
