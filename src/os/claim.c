#include "os/claim.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/utc.h"
#include "json/pairs.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lock.h"
#include "os/machine.h"
#include "os/proc.h"
#include "os/signals.h"
#include "os/tree.h"

#define FOLDER_NOTE "out/run/ninja"
#define GEN_NOTE "out/run/gen"
#define EDGE_POLL_S 0.2
#define LEFTOVERS_LIMIT_S 10.0

/* What a note says; zeros for what it does not say. */
struct note {
	struct proc_id holder;
	struct proc_id ninja;
	const char *host;
	const char *since;
	const char *mark;
};

static struct proc_id
proc_in(const struct pairs *s, const char *pid_key, const char *start_key)
{
	long pid = 0, start = 0;
	pairs_number(&pid, s, pid_key, 0, NULL);
	pairs_number(&start, s, start_key, 0, NULL);
	return (struct proc_id){ (pid_t)pid, (unsigned long long)start };
}

/* A note that a killed process left half written says nothing. */
static struct note
note_read(const char *text, struct arena *a)
{
	struct pairs s = { 0 };
	pairs_parse(&s, text, strlen(text), "note", a, NULL);
	const char *mark = pairs_get(&s, "GEN_RUN");
	const char *host = pairs_get(&s, "host"), *since = pairs_get(&s, "since");
	struct note note = {
		.holder = proc_in(&s, "pid", "start"),
		.ninja = proc_in(&s, "ninja", "ninja_start"),
		.host = host ? arena_strdup(a, host) : "?",
		.since = since ? arena_strdup(a, since) : "?",
		.mark = mark ? arena_printf(a, "GEN_RUN=%s", mark) : NULL,
	};
	pairs_dispose(&s);
	return note;
}

/* The lines that every note starts with. */
static const char *
note_lines(struct proc_id id, struct arena *a)
{
	char host[MACHINE_NAME_SIZE], since[UTC_SIZE];
	machine_name(host);
	utc_text(since, clock_epoch_s());
	return arena_printf(a, "pid=%ld\nstart=%llu\nhost=%s\nsince=%s\n", (long)id.pid, id.start,
	                    host, since);
}

static const char *
describe_holder(const struct note *note, struct arena *a)
{
	return arena_printf(a, "process %ld on %s, since %s", (long)note->holder.pid, note->host,
	                    note->since);
}

int
claim_gen(struct lock *lock, struct arena *a, struct error *err)
{
	const char *text;
	if (tree_make("out/run", err) < 0)
		return -1;
	int got = lock_try(lock, GEN_NOTE, &text, a, err);
	if (got < 0)
		return -1;
	if (got == 0) {
		struct note note = note_read(text, a);
		return error_set(err, "another gen is at work in this folder: %s",
		                 describe_holder(&note, a));
	}
	text = note_lines(proc_self(), a);
	return lock_write(lock, text, strlen(text), err);
}

static int
claim_for(struct proc_id ninja, const struct lock *lock, const char *text, struct arena *a,
          struct error *err)
{
	struct note other = note_read(text, a);
	if (other.holder.pid == ninja.pid && other.holder.start == ninja.start)
		return 0;
	if (proc_is_alive(other.holder))
		return error_set(err, "another ninja is at work in this folder: %s",
		                 describe_holder(&other, a));
	text = note_lines(ninja, a);
	return lock_write(lock, text, strlen(text), err);
}

int
claim_folder(struct arena *a, struct error *err)
{
	struct proc_id ninja = proc_ninja();
	if (!ninja.pid)
		return 0;

	struct lock lock = { .fd = -1 };
	const char *text;
	if (lock_take(&lock, FOLDER_NOTE, err) < 0)
		return -1;
	lock_is_held(FOLDER_NOTE, &text, a);
	int ret = claim_for(ninja, &lock, text, a, err);
	lock_close(&lock);
	return ret;
}

/*
 * The edge is at work.  If its ninja was killed its work is ours, so we wait; ^C is
 * then meant for it, too.  A holder that is not alive has a keeper that clears up.
 */
static int
wait_for_holder(const char *text, const char *path, bool *said, struct arena *a,
                struct error *err)
{
	struct note note = note_read(text, a);
	bool alive = proc_is_alive(note.holder);
	if (alive && (!note.ninja.pid || proc_is_alive(note.ninja)))
		return error_set(err, "%s: another step is at work on this: %s", path,
		                 describe_holder(&note, a));
	if (alive && !*said) {
		fprintf(stderr, "step: %s: waiting for process %ld, whose ninja was killed\n", path,
		        (long)note.holder.pid);
		*said = true;
	}
	int signal = signals_wait(EDGE_POLL_S, NULL);
	if (signal) {
		if (alive)
			kill(note.holder.pid, signal);
		signals_die(signal);
	}
	return 0;
}

static void
end_leftovers(const char *text, struct arena *a)
{
	struct note note = note_read(text, a);
	if (!note.mark)
		return;
	unsigned n = proc_kill_marked(note.mark, LEFTOVERS_LIMIT_S);
	if (n)
		fprintf(stderr, "step: ended %u process%s left by a run that was killed\n", n,
		        n == 1 ? "" : "es");
}

int
claim_edge(struct lock *lock, const char *path, const char *input, const char *mark,
           struct arena *a, struct error *err)
{
	const char *text;
	bool said = false;
	int got;
	while ((got = lock_try(lock, path, &text, a, err)) == 0)
		if (wait_for_holder(text, path, &said, a, err) < 0)
			return -1;
	if (got < 0)
		return -1;
	end_leftovers(text, a);

	struct proc_id ninja = proc_ninja();
	text = arena_printf(a, "%sninja=%ld\nninja_start=%llu\ninput=%s\n%s\n",
	                    note_lines(proc_self(), a), (long)ninja.pid, ninja.start, input, mark);
	if (lock_write(lock, text, strlen(text), err) < 0) {
		lock_release(lock);
		return -1;
	}
	return 0;
}

int
claim_add(const struct lock *lock, const char *lines, struct arena *a, struct error *err)
{
	const char *text;
	lock_is_held(lock->path, &text, a);
	text = arena_printf(a, "%s%s", text, lines);
	return lock_write(lock, text, strlen(text), err);
}
