/* edge_run.h - one run of an edge, as the parts of the step program share it.  */
#ifndef GEN_EDGE_RUN_H
#define GEN_EDGE_RUN_H

#include <stdbool.h>

#include "base/arena.h"
#include "json/pairs.h"
#include "logs/classify.h"
#include "os/engine_kind.h"
#include "os/lock.h"
#include "os/process.h"
#include "plan/planned.h"
#include "step/attempt.h"
#include "step/step_run.h"

struct edge_run {
	const struct step_request *request;
	struct arena arena;
	struct pairs settings;
	struct planned fleet;		/* as far as step needs it */
	struct planned_image image;	/* what is built; target is NULL where no plan says that it is */
	struct lock lock;
	const char *id;		/* of the image: the target's name behind its last '-' */
	const char *mark;	/* GEN_RUN=..., in the environment of all that we start */
	const char *result;	/* where the command reports */
	enum engine engine;
	bool builds;		/* the step that needs memory and disk */
	bool needs_engine;
	long wait_most_s;	/* for what is missing before an attempt */

	struct process_plan plan;
	struct attempt_run run;
	long jobs_wanted;	/* by the settings, whatever was learned since */
	long tries;		/* attempts of this run */
	long number;		/* of the attempt, in its log's name */
	const char *log;
	struct process_end end;	/* of the last attempt */
	int interrupt;		/* the signal that ended the step, 0 for none */
};

/* The failure that ends a step, or that an attempt follows on. */
struct step_failure {
	struct judgement judgement;
	struct finding finding;
	const char *cause;	/* a fact, in words; NULL when the finding's line tells it */
	bool again;		/* the script says that it is worth another try */
};

/* What has to change before the step is worth another try. */
enum until step_failure_until(const struct edge_run *s, const struct step_failure *f);

#endif
