#include "logs/classify.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "logs/log_line.h"
#include "logs/needles.h"
#include "logs/pattern.h"
#include "logs/signature.h"

#define LINE_LIMIT ((size_t)64 * 1024)	/* of a longer line, the start and the end are read */
#define NEEDLE_LIMIT 12			/* short needles make a small table, for the cache */
#define SIGNATURES_MOST 1024
#define VERTICES 64			/* steps of BuildKit at once; more share places */
#define SOURCE_INDENT 3			/* deeper text is a source line, not a message */
#define RETRY_REACH 8			/* lines from a failure to the word of a retry */
#define TROUBLE_REACH 40		/* lines from network trouble to what it explains */
#define REFINE_REACH 15			/* lines from "no solution" to the reason */
#define RESUME_REACH 40			/* lines of retries that belong to one failure */

/* What a line is good for as an answer, best first. */
enum rank {
	RANK_FATAL_EDGE,	/* in the output of a failed edge of ninja */
	RANK_FATAL,
	RANK_LIKELY,
	RANK_SUMMARY,
	RANK_PLACE_EDGE,	/* the failed edge itself */
	RANK_PLACE,
	RANKS
};

struct candidate {
	size_t line;		/* 0: none */
	enum failure_class class;
	bool retried;		/* was fatal, until a retry was announced */
	unsigned text_len;
	char text[FINDING_TEXT];
};

/* The last line that was not indented: what the lines under it are. */
enum parent {
	PARENT_PLAIN,
	PARENT_WARNING,
	PARENT_ERROR,
};

/* One stream of output: a vertex of BuildKit, or, as number 0, all that has no prefix. */
struct stream {
	unsigned long vertex;
	bool used;
	bool errored;
	bool in_failed_edge;
	bool command_next;	/* the next line is the command of a failed edge */
	unsigned lines;		/* read so far, counted to two */
	bool beheaded;		/* all so far was indented: the start of the log is cut off */
	unsigned base;		/* indentation of a box of output, or of what is left of one */
	enum parent parent;
	size_t trouble;		/* the last line with network trouble */
	struct candidate best[RANKS];
};

struct classifier {
	struct needles *needles;
	struct stream streams[VERTICES];
	bool some_errored;
	size_t line;		/* number of the line that is being read */
	long retry_after_s;
	size_t kept;		/* bytes of a line whose end has not come */
	bool cut;		/* its middle was dropped */
	char keep[LINE_LIMIT];
	char clean[LINE_LIMIT];
	char lower[LINE_LIMIT];
};

/* A line while it is looked at. */
struct view {
	struct log_line at;
	const char *raw;	/* with its prefixes, for the report */
	size_t raw_len;
	unsigned kinds;		/* bit 1 << line_kind for each kind that some row gave */
	const struct signature *best;	/* of the kinds that may be causes */
	const struct signature *not_found;
};

static bool
has(const struct view *v, enum line_kind kind)
{
	return v->kinds & (1u << kind);
}

/* ---- streams and candidates ----------------------------------------------------------- */

static struct stream *
stream_of(struct classifier *c, unsigned long vertex)
{
	struct stream *s = &c->streams[vertex % VERTICES];
	if (!s->used || s->vertex != vertex) {
		memset(s, 0, sizeof(*s));
		s->used = s->beheaded = true;
		s->vertex = vertex;
	}
	return s;
}

/* All went well so far: what looked like a failure was none. */
static void
stream_forget(struct stream *s)
{
	s->in_failed_edge = s->command_next = s->beheaded = false;
	s->base = 0;
	s->parent = PARENT_PLAIN;
	for (unsigned i = 0; i < RANKS; i++)
		s->best[i].line = 0;
}

static void
candidate_set(struct candidate *to, size_t line, enum failure_class class, const struct view *v)
{
	to->line = line;
	to->class = class;
	to->retried = false;
	to->text_len = (unsigned)(v->raw_len < FINDING_TEXT ? v->raw_len : FINDING_TEXT);
	memcpy(to->text, v->raw, to->text_len);
}

static bool
is_transient(enum failure_class class)
{
	return class == FAILURE_NETWORK || class == FAILURE_RATE_LIMIT ||
	       class == FAILURE_BUILDER_LOST || class == FAILURE_SOURCE_MISSING;
}

/* A retry was announced: the failure just before may yet turn out well. */
static void
demote(struct stream *s, size_t line)
{
	for (enum rank r = RANK_FATAL_EDGE; r <= RANK_FATAL; r++) {
		struct candidate *fatal = &s->best[r], *likely = &s->best[RANK_LIKELY];
		if (!fatal->line || !is_transient(fatal->class) || line - fatal->line > RETRY_REACH)
			continue;
		if (!likely->line || fatal->line < likely->line)
			*likely = *fatal;
		likely->retried = true;
		fatal->line = 0;
	}
}

/* It was the same thing all along: the failure began with the first try. */
static void
resume(struct stream *s, struct candidate *fatal)
{
	struct candidate *likely = &s->best[RANK_LIKELY];
	if (!likely->line || !likely->retried || likely->class != fatal->class ||
	    fatal->line - likely->line > RESUME_REACH)
		return;
	*fatal = *likely;
	fatal->retried = false;
	likely->line = 0;
}

static void
note(struct classifier *c, struct stream *s, enum rank rank, enum failure_class class,
     const struct view *v)
{
	struct candidate *slot = &s->best[rank];
	bool refines = slot->line && class == FAILURE_PYTHON_CONSTRAINT &&
	               slot->class == FAILURE_DEP_CONFLICT && c->line - slot->line <= REFINE_REACH;
	if (!slot->line || refines) {
		candidate_set(slot, c->line, class, v);
		if (rank <= RANK_FATAL)
			resume(s, slot);
	}
}

/* "Killed" and then "exit code: 137": each makes the other certain. */
static void
corroborate(struct stream *s, enum failure_class class)
{
	struct candidate *likely = &s->best[RANK_LIKELY];
	if (!likely->line || likely->class != class || likely->retried)
		return;
	struct candidate *fatal = &s->best[RANK_FATAL];
	if (!fatal->line || likely->line < fatal->line)
		*fatal = *likely;
	likely->line = 0;
}

/* ---- what a line is ---------------------------------------------------------------------- */

static bool
starts(const struct log_line *l, const char *text)
{
	size_t n = strlen(text);
	return l->len >= n && memcmp(l->text, text, n) == 0;
}

static size_t
word_length(const char *p, size_t len)
{
	size_t n = 0;
	while (n < len && p[n] != ' ' && p[n] != '\t')
		n++;
	return n;
}

/* A short or whole hash in front: a line of git log, so what follows is a subject. */
static bool
starts_with_hash(const struct log_line *l)
{
	size_t n = word_length(l->text, l->len);
	bool letter = false, digit = false;
	if (n < 7 || n > 40 || n == l->len)
		return false;
	for (size_t i = 0; i < n; i++) {
		char ch = l->text[i];
		if (ch >= '0' && ch <= '9')
			digit = true;
		else if (ch >= 'a' && ch <= 'f')
			letter = true;
		else
			return false;
	}
	return digit && letter;
}

/* "... (#1234)", as subjects of merged pull requests end. */
static bool
ends_with_reference(const struct log_line *l)
{
	size_t n = l->len;
	if (n < 4 || l->text[n - 1] != ')')
		return false;
	n--;
	while (n > 0 && l->text[n - 1] >= '0' && l->text[n - 1] <= '9')
		n--;
	return n >= 2 && n < l->len - 1 && l->text[n - 1] == '#' && l->text[n - 2] == '(';
}

/* "/usr/bin/c++ -DX ...": the second word is an option, and the first says nothing. */
static bool
is_command(const struct log_line *l)
{
	size_t n = word_length(l->text, l->len);
	if (n == 0 || n + 2 >= l->len || l->text[n - 1] == ':')
		return false;
	const char *next = l->text + n + 1;
	return next[0] == '-' && next[1] != ' ' && next[1] != '>';
}

/* "   12 | code" of gcc and of Dockerfiles, and the line with the arrow under it. */
static bool
is_source_echo(const struct log_line *l)
{
	size_t i = 0;
	while (i < l->len && l->text[i] >= '0' && l->text[i] <= '9')
		i++;
	while (i < l->len && l->text[i] == ' ')
		i++;
	return i < l->len && l->text[i] == '|';
}

static bool
looks_innocent(const struct log_line *l)
{
	return strchr("+->*\"'`$", l->text[0]) || is_source_echo(l) || starts_with_hash(l) ||
	       ends_with_reference(l) || is_command(l);
}

/* ---- the rows that fit ---------------------------------------------------------------------- */

static char *
find_text(const struct classifier *c, size_t len, const char *text)
{
	return memmem(c->lower, len, text, strlen(text));
}

static void
lower_line(struct classifier *c, const struct log_line *l)
{
	for (size_t i = 0; i < l->len; i++) {
		char ch = l->text[i];
		c->lower[i] = (char)(ch >= 'A' && ch <= 'Z' ? ch - 'A' + 'a' : ch);
	}
}

/* A command that is quoted in the message about its failure is no message. */
static void
blank_command(struct classifier *c, size_t len)
{
	char *start = find_text(c, len, "process \"");
	if (!start)
		start = find_text(c, len, "at step \"");
	const char *last = memrchr(c->lower, '"', len);
	if (!start || !last)
		return;
	start = strchr(start, '"') + 1;
	if (start < last)
		memset(start, '.', (size_t)(last - start));
}

static void
match_row(const struct classifier *c, struct view *v, const struct signature *row)
{
	if (!pattern_matches(row->pattern, c->lower, v->at.len))
		return;
	v->kinds |= 1u << row->kind;
	if (row->kind <= LINE_PLACE && (!v->best || row->kind < v->best->kind))
		v->best = row;
	if (row->kind == LINE_NOT_FOUND && !v->not_found)
		v->not_found = row;
}

static void
match_rows(struct classifier *c, struct view *v, const uint64_t *found)
{
	size_t words = (signatures_n + 63) / 64;
	lower_line(c, &v->at);
	for (size_t w = 0; w < words; w++) {
		for (uint64_t bits = found[w]; bits; bits &= bits - 1) {
			const struct signature *row = &signatures[w * 64 + (unsigned)__builtin_ctzll(bits)];
			if (row->kind == LINE_COMMAND)
				blank_command(c, v->at.len);
			else
				match_row(c, v, row);
		}
	}
}

/* The number of seconds in "retry-after: 30", "try again in 5 minutes" and the like. */
static void
read_retry_after(struct classifier *c, size_t len)
{
	static const char *const words[] = { "retry-after: ", "retry-after=", "retry after ",
	                                     "try again in ", "retry in " };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		const char *p = find_text(c, len, words[i]), *end = c->lower + len;
		if (!p)
			continue;
		p += strlen(words[i]);
		long n = 0;
		for (; p < end && *p >= '0' && *p <= '9' && n < 100000; p++)
			n = n * 10 + (*p - '0');
		if (p < end && *p == ' ')
			p++;
		if (end - p >= 2 && memcmp(p, "ms", 2) == 0)
			n = (n + 999) / 1000;
		else if (p < end && *p == 'm')
			n *= 60;
		else if (p < end && *p == 'h')
			n *= 3600;
		if (n)
			c->retry_after_s = n;
	}
}

/* ---- one line ---------------------------------------------------------------------------------- */

static enum rank
rank_of(const struct stream *s, const struct view *v)
{
	enum line_kind kind = v->best->kind;
	if (kind == LINE_FATAL && has(v, LINE_RETRY) && is_transient(v->best->class))
		kind = LINE_LIKELY;
	switch (kind) {
	case LINE_FATAL:
		return s->in_failed_edge ? RANK_FATAL_EDGE : RANK_FATAL;
	case LINE_LIKELY:
		return s->in_failed_edge && !has(v, LINE_RETRY) ? RANK_FATAL_EDGE : RANK_LIKELY;
	case LINE_SUMMARY:
		return RANK_SUMMARY;
	default:
		return has(v, LINE_FAILED) ? RANK_PLACE_EDGE : RANK_PLACE;
	}
}

static void
consider(struct classifier *c, struct stream *s, const struct view *v)
{
	if (v->not_found) {
		bool troubled = s->trouble && c->line - s->trouble <= TROUBLE_REACH;
		note(c, s, s->in_failed_edge ? RANK_FATAL_EDGE : RANK_FATAL,
		     troubled ? FAILURE_NETWORK : v->not_found->class, v);
		return;
	}
	if (!v->best)
		return;
	if (v->best->class == FAILURE_RATE_LIMIT)
		read_retry_after(c, v->at.len);
	enum rank rank = rank_of(s, v);
	note(c, s, rank, v->best->class, v);
	if (rank == RANK_LIKELY && has(v, LINE_RETRY))
		s->best[RANK_LIKELY].retried = true;
	if (rank == RANK_SUMMARY)
		corroborate(s, v->best->class);
}

/* BuildKit speaks itself: returns false if the line is no output and no error. */
static bool
vertex_status(struct classifier *c, struct stream *s, const struct log_line *l)
{
	if (starts(l, "DONE") || starts(l, "CACHED") || starts(l, "CANCELED"))
		stream_forget(s);
	if (!starts(l, "ERROR"))
		return false;
	s->errored = true;
	c->some_errored = true;
	return true;
}

/* Marks that stand in a box of their own, so that indentation says nothing of them. */
static bool
box_mark(struct stream *s, const struct view *v)
{
	if (has(v, LINE_OUTPUT)) {
		s->base = v->at.indent;
		s->beheaded = false;
		s->parent = PARENT_PLAIN;
		return true;
	}
	if (has(v, LINE_OUTPUT_END))
		s->base = 0;
	return has(v, LINE_OUTPUT_END);
}

static void
edge_mark(struct stream *s, const struct view *v)
{
	if (has(v, LINE_FAILED) && starts(&v->at, "FAILED: "))
		s->in_failed_edge = s->command_next = true;
	else if (has(v, LINE_PROGRESS))
		s->in_failed_edge = false;
}

/*
 * How deep is the box that the line is in?  Its start may be cut off, and then the first line
 * that is left may be the end of one: it says nothing.
 */
static void
find_base(struct stream *s, const struct log_line *l)
{
	if (s->beheaded && s->lines < 2 && s->parent == PARENT_PLAIN)
		s->base = l->indent;
	else if (l->indent < s->base && (s->beheaded || !l->boxed))
		s->base = s->beheaded ? l->indent : 0;
	s->beheaded = s->beheaded && (s->base || !s->lines);
	s->lines += s->lines < 2;
}

/*
 * Is the line part of what its parent, the last line that was less indented, says?
 * Messages are indented under errors of cmake; code is, under those of compilers.
 */
static bool
is_message(const struct stream *s, const struct log_line *l, unsigned indent)
{
	if (indent == 0)
		return true;
	if (s->parent == PARENT_WARNING)
		return false;
	return l->boxed || indent < SOURCE_INDENT || s->parent == PARENT_ERROR;
}

static void
read_line(struct classifier *c, const char *raw, size_t raw_len)
{
	struct view v = { .raw = raw, .raw_len = raw_len };
	log_line_parse(&v.at, raw, raw_len);
	if (!v.at.len)
		return;

	struct stream *s = stream_of(c, v.at.vertex);
	if (v.at.vertex && !v.at.timed && !vertex_status(c, s, &v.at))
		return;
	find_base(s, &v.at);
	unsigned indent = v.at.indent > s->base ? v.at.indent - s->base : 0;

	uint64_t found[SIGNATURES_MOST / 64] = { 0 };
	if (needles_find(c->needles, v.at.text, v.at.len, found))
		match_rows(c, &v, found);
	if (box_mark(s, &v))
		return;
	if (has(&v, LINE_TROUBLE))
		s->trouble = c->line;
	if (has(&v, LINE_RETRY))
		demote(s, c->line);
	if (has(&v, LINE_STAGE) && indent == 0)
		stream_forget(s);

	bool command = s->command_next && indent == 0 && !has(&v, LINE_FAILED);
	if (indent == 0) {
		s->command_next = false;
		edge_mark(s, &v);
	}
	bool innocent = command || has(&v, LINE_WARNING) || has(&v, LINE_INNOCENT) ||
	                has(&v, LINE_STAGE) || looks_innocent(&v.at);
	if (!innocent && v.kinds && is_message(s, &v.at, indent))
		consider(c, s, &v);
	if (indent == 0)
		s->parent = has(&v, LINE_WARNING) ? PARENT_WARNING :
		            has(&v, LINE_ERROR_BLOCK) ? PARENT_ERROR : PARENT_PLAIN;
}

/* A line of the log without its newline: what carriage returns part is read in turn. */
static void
read_physical_line(struct classifier *c, const char *line, size_t len)
{
	while (len && line[len - 1] == '\r')
		len--;
	if (memchr(line, '\033', len) || memchr(line, '\0', len) || memchr(line, '\b', len)) {
		len = log_line_clean(c->clean, line, len < LINE_LIMIT ? len : LINE_LIMIT);
		line = c->clean;
	}
	const char *end = line + len;
	while (line < end) {
		const char *stop = memchr(line, '\r', (size_t)(end - line));
		size_t n = (size_t)((stop ? stop : end) - line);
		read_line(c, line, n);
		line += n + (stop ? 1 : 0);
	}
}

/* ---- the stream of bytes -------------------------------------------------------------------------- */

/* Make room in keep, full of a line that goes on. */
static void
drop_middle(struct classifier *c)
{
	const char *cr = memrchr(c->keep, '\r', c->kept);
	if (cr && cr + 1 < c->keep + c->kept) {
		size_t done = (size_t)(cr + 1 - c->keep);
		read_physical_line(c, c->keep, done);
		memmove(c->keep, c->keep + done, c->kept - done);
		c->kept -= done;
		return;
	}
	/* The second quarter's end to the fourth's start: what was the tail goes. */
	size_t quarter = LINE_LIMIT / 4;
	memmove(c->keep + 2 * quarter, c->keep + c->kept - quarter, quarter);
	c->kept = 3 * quarter;
	c->cut = true;
}

static void
keep(struct classifier *c, const char *bytes, size_t len)
{
	while (len) {
		if (c->kept == LINE_LIMIT)
			drop_middle(c);
		size_t n = LINE_LIMIT - c->kept < len ? LINE_LIMIT - c->kept : len;
		memcpy(c->keep + c->kept, bytes, n);
		c->kept += n;
		bytes += n;
		len -= n;
	}
}

void
classifier_feed(struct classifier *c, const char *bytes, size_t len)
{
	const char *end = bytes + len;
	while (bytes < end) {
		const char *newline = memchr(bytes, '\n', (size_t)(end - bytes));
		size_t n = (size_t)((newline ? newline : end) - bytes);
		if (!newline) {
			keep(c, bytes, n);
			return;
		}
		if (c->kept || n > LINE_LIMIT) {
			keep(c, bytes, n);
			read_physical_line(c, c->keep, c->kept);
			c->kept = 0;
		} else {
			read_physical_line(c, bytes, n);
		}
		c->line++;
		bytes = newline + 1;
	}
}

static void
reset(struct classifier *c)
{
	memset(c->streams, 0, sizeof(c->streams));
	c->some_errored = false;
	c->line = 1;
	c->retry_after_s = 0;
	c->kept = 0;
}

/* The best rank, and of that the earliest line. */
static const struct candidate *
choose(const struct classifier *c, bool only_errored)
{
	for (unsigned r = 0; r < RANKS; r++) {
		const struct candidate *best = NULL;
		for (unsigned i = 0; i < VERTICES; i++) {
			const struct stream *s = &c->streams[i];
			const struct candidate *this = &s->best[r];
			if (!this->line || (only_errored && s->vertex && !s->errored))
				continue;
			if (!best || this->line < best->line)
				best = this;
		}
		if (best)
			return best;
	}
	return NULL;
}

static void
report(struct finding *out, const struct candidate *from)
{
	out->class = from->class;
	out->line = from->line;
	for (unsigned i = 0; i < from->text_len; i++) {
		unsigned char ch = (unsigned char)from->text[i];
		out->text[i] = (char)(ch < 0x20 || ch == 0x7f ? ' ' : ch);
	}
	out->text[from->text_len] = '\0';
}

void
classifier_finish(struct finding *out, struct classifier *c)
{
	if (c->kept)
		read_physical_line(c, c->keep, c->kept);
	memset(out, 0, sizeof(*out));
	const struct candidate *best = c->some_errored ? choose(c, true) : NULL;
	if (!best)
		best = choose(c, false);
	if (best)
		report(out, best);
	out->retry_after_s = c->retry_after_s;
	reset(c);
}

struct classifier *
classifier_new(void)
{
	struct classifier *c = memory_resize(NULL, sizeof(*c));
	memset(c, 0, sizeof(*c));
	reset(c);

	struct needle list[SIGNATURES_MOST];
	char texts[SIGNATURES_MOST][NEEDLE_LIMIT];
	assert(signatures_n <= SIGNATURES_MOST);
	for (size_t i = 0; i < signatures_n; i++) {
		list[i].text = texts[i];
		list[i].len = pattern_needle(texts[i], NEEDLE_LIMIT, signatures[i].pattern);
	}
	c->needles = needles_new(list, signatures_n);
	return c;
}

void
classifier_free(struct classifier *c)
{
	if (!c)
		return;
	needles_free(c->needles);
	free(c);
}
