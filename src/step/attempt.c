#include "step/attempt.h"

#include <signal.h>
#include <string.h>

#include "base/str.h"
#include "logs/classify.h"

#define DISK_FULL_MB 64.0	/* with less, nothing can be said to have had room */

/* A registry's own words: memory or an engine's end cannot make it say them. */
static bool
is_registrys_word(enum failure_class class)
{
	return class == FAILURE_RATE_LIMIT || class == FAILURE_AUTH ||
	       class == FAILURE_BASE_IMAGE_MISSING;
}

/* How the command ended, when the log says nothing. */
static enum failure_class
class_of_end(const struct attempt_facts *f)
{
	int signal = f->signal ? f->signal : f->status > 128 ? f->status - 128 : 0;
	switch (signal) {
	case SIGKILL:
		return f->oom_kills == 0 ? FAILURE_BUILDER_LOST : FAILURE_OOM;
	case SIGSEGV:
	case SIGABRT:
	case SIGBUS:
	case SIGILL:
	case SIGFPE:
		return FAILURE_COMPILER_CRASH;
	default:
		return FAILURE_UNKNOWN;
	}
}

static bool
disk_is_full(const struct attempt_facts *f)
{
	return f->disk_free_mb >= 0 && f->disk_free_mb < DISK_FULL_MB;
}

/* The class that facts alone give, FAILURE_UNKNOWN for none. */
static enum failure_class
class_of_facts(const struct attempt_facts *f, enum failure_class text)
{
	if (f->deadline_hit)
		return FAILURE_TIMEOUT;
	if (is_registrys_word(text))
		return FAILURE_UNKNOWN;
	if (f->oom_kills > 0)
		return FAILURE_OOM;
	if (f->engine_gone)
		return FAILURE_BUILDER_LOST;
	if (disk_is_full(f))
		return FAILURE_DISK_FULL;
	return text == FAILURE_UNKNOWN ? class_of_end(f) : FAILURE_UNKNOWN;
}

void
attempt_judge(struct judgement *out, const struct attempt_facts *facts,
              const struct finding *finding)
{
	enum failure_class fact = class_of_facts(facts, finding->class);
	out->class = fact ? fact : finding->class;
	/* A shell that the deadline ended says "Terminated": that is no cause. */
	out->by_fact = fact && (fact != finding->class || facts->deadline_hit);
}

void
attempt_describe_fact(struct str *out, const struct attempt_facts *f, enum failure_class class)
{
	if (f->deadline_hit)
		str_addf(out, "deadline of %.0f s", f->deadline_s);
	else if (class == FAILURE_OOM && f->oom_kills > 0)
		str_addf(out, "the kernel killed %ld process%s because memory ran out", f->oom_kills,
		         f->oom_kills == 1 ? "" : "es");
	else if (class == FAILURE_BUILDER_LOST && f->engine_gone)
		str_adds(out, "the engine does not answer");
	else if (class == FAILURE_DISK_FULL)
		str_addf(out, "%.0f MB of disk are free", f->disk_free_mb);
	else if (f->keeper_lost)
		str_adds(out, "its keeper process was killed");
	else if (f->signal)
		str_addf(out, "ended by signal %d (%s)", f->signal, strsignal(f->signal));
	else
		str_addf(out, "exit status %d", f->status);
}

static bool
go_down(struct next_attempt *out, struct attempt_run *run, enum failure_class class, bool once)
{
	long jobs = run->uses_jobs ? ladder_below(&run->ladder, run->jobs) : 0;
	if (!jobs || (once && run->went_down[class]))
		return false;
	run->went_down[class] = true;
	out->sequel = SEQUEL_FEWER_JOBS;
	out->jobs = jobs;
	return true;
}

static bool
wait_again(struct next_attempt *out, struct attempt_run *run, long most, long retry_after_s,
           double chance)
{
	if (run->waits >= most)
		return false;
	double wait = run->wait_s;
	for (long i = 0; i < run->waits && wait < run->wait_most_s; i++)
		wait *= 2;
	if (wait > run->wait_most_s)
		wait = run->wait_most_s;
	wait *= 0.75 + chance / 2;
	run->waits++;
	out->sequel = SEQUEL_WAIT;
	/* Not before the server's time, and not all who wait for it in the same second. */
	out->wait_s = retry_after_s > wait ? (double)retry_after_s + chance * run->wait_s : wait;
	return true;
}

void
attempt_decide(struct next_attempt *out, struct attempt_run *run, enum failure_class class,
               bool again, long retry_after_s, double chance)
{
	*out = (struct next_attempt){ .sequel = SEQUEL_STOP, .jobs = run->jobs };
	enum remedy remedy = failure_class_remedy(class);
	if (again || remedy == REMEDY_WAIT || (class == FAILURE_OOM && !run->uses_jobs)) {
		wait_again(out, run, run->waits_most, retry_after_s, chance);
		return;
	}
	if (remedy == REMEDY_CHANGE)
		return;
	if (!go_down(out, run, class, remedy == REMEDY_FEWER_JOBS_ONCE) && !run->uses_jobs &&
	    run->again_helps)
		wait_again(out, run, 1, 0, chance);
}
