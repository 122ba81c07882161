#include "status/plan_diff.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "json/doc.h"
#include "status/report_text.h"
#include "status/status.h"

const char *
change_name(enum change c)
{
	static const char *const names[] = { "new", "gone", "changed" };
	return names[c];
}

/* ---- fields ---- */

static const char *
join(const struct texts *list, struct arena *a)
{
	struct str text = { 0 };

	for (size_t i = 0; i < list->n; i++)
		str_addf(&text, "%s%s", i ? ", " : "", list->list[i]);
	const char *copy = list->n ? arena_copy(a, text.data, text.len) : NULL;
	str_dispose(&text);
	return copy;
}

static void
add_field(struct image_change *c, const char *name, const char *before, const char *after)
{
	if ((!before && !after) || (before && after && strcmp(before, after) == 0))
		return;
	c->fields[c->n_fields++] = (struct field_change){ name, before, after };
}

static const char *
number_text(long n, struct arena *a)
{
	return arena_printf(a, "%ld", n);
}

#define FIELDS 16

static void
compare_fields(struct image_change *c, struct arena *a)
{
	const struct planned_image *x = c->before, *y = c->after;

	c->fields = arena_array(a, FIELDS, sizeof(*c->fields));
	add_field(c, "decision", decision_name(x->decision), decision_name(y->decision));
	add_field(c, "reason", x->reason, y->reason);
	add_field(c, "verdict", verdict_name(x->verdict), verdict_name(y->verdict));
	add_field(c, "digest", x->digest, y->digest);
	add_field(c, "image", x->image, y->image);
	add_field(c, "humans", join(&x->humans, a), join(&y->humans, a));
	add_field(c, "model", x->model, y->model);
	add_field(c, "mapping", join(&x->mappings, a), join(&y->mappings, a));
	add_field(c, "base", x->base.image, y->base.image);
	add_field(c, "base/verdict", verdict_name(x->base.verdict), verdict_name(y->base.verdict));
	add_field(c, "base/digest", x->base.digest, y->base.digest);
	add_field(c, "native", native_name(x->native), native_name(y->native));
	add_field(c, "patches", join(&x->patches, a), join(&y->patches, a));
	add_field(c, "preflight", join(&x->preflight, a), join(&y->preflight, a));
	if (y->decision == DECISION_BUILD)	/* else nothing is done with them */
		add_field(c, "max_jobs", number_text(x->max_jobs, a), number_text(y->max_jobs, a));
	add_field(c, "input", x->input, y->input);
}

/* ---- images and tags: both plans have them in order ---- */

static void
add_image(struct plan_diff *out, const struct planned_image *before,
          const struct planned_image *after, struct arena *a)
{
	struct image_change *c = &out->images[out->n_images];

	*c = (struct image_change){
		.change = !before ? CHANGE_NEW : !after ? CHANGE_GONE : CHANGE_OTHER,
		.before = before, .after = after,
	};
	if (before && after)
		compare_fields(c, a);
	if (before && after && !c->n_fields)
		return;
	out->n_new += c->change == CHANGE_NEW;
	out->n_gone += c->change == CHANGE_GONE;
	out->n_other += c->change == CHANGE_OTHER;
	out->n_images++;
}

static void
compare_images(struct plan_diff *out, const struct planned *x, const struct planned *y,
               struct arena *a)
{
	size_t i = 0, j = 0;

	out->images = arena_array(a, x->n_images + y->n_images, sizeof(*out->images));
	while (i < x->n_images || j < y->n_images) {
		int order = i == x->n_images ? 1 : j == y->n_images ? -1
		            : strcmp(x->images[i].parent, y->images[j].parent);
		add_image(out, order <= 0 ? &x->images[i] : NULL, order >= 0 ? &y->images[j] : NULL, a);
		i += order <= 0;
		j += order >= 0;
	}
}

static void
compare_tags(struct plan_diff *out, const struct planned *x, const struct planned *y,
             struct arena *a)
{
	size_t i = 0, j = 0;

	out->tags_gone.list = arena_array(a, x->n_tags, sizeof(*out->tags_gone.list));
	out->tags_new.list = arena_array(a, y->n_tags, sizeof(*out->tags_new.list));
	while (i < x->n_tags || j < y->n_tags) {
		int order = i == x->n_tags ? 1 : j == y->n_tags ? -1 : strcmp(x->tags[i].tag, y->tags[j].tag);
		if (order < 0)
			out->tags_gone.list[out->tags_gone.n++] = x->tags[i].tag;
		if (order > 0)
			out->tags_new.list[out->tags_new.n++] = y->tags[j].tag;
		i += order <= 0;
		j += order >= 0;
	}
}

void
plan_diff(struct plan_diff *out, const struct planned *before, const struct planned *after,
          struct arena *a)
{
	*out = (struct plan_diff){ 0 };
	compare_images(out, before, after, a);
	compare_tags(out, before, after, a);
}

/* ---- text ---- */

static void
add_line(struct str *out, struct str *line, const char *colour, const struct report_look *look)
{
	str_adds(out, colour);
	utf8_add_clean(out, str_text(line));
	str_addf(out, "%s\n", *colour ? report_plain(look) : "");
	str_clear(line);
}

static void
add_change(struct str *out, const struct image_change *c, const struct report_look *look)
{
	static const struct { char sign; enum state colour; } looks[] = {
		{ '+', STATE_PRESENT }, { '-', STATE_FAILED }, { '~', STATE_HELD },
	};
	const struct planned_image *image = c->after ? c->after : c->before;
	struct str line = { 0 };

	str_addf(&line, "%c %s  ", looks[c->change].sign, image->target);
	if (c->change == CHANGE_OTHER)
		str_addf(&line, "%s", decision_name(image->decision));
	else
		str_addf(&line, "%s: %s", decision_name(image->decision), image->reason);
	add_line(out, &line, report_colour(look, looks[c->change].colour), look);
	for (size_t i = 0; i < c->n_fields; i++) {
		const struct field_change *f = &c->fields[i];
		str_addf(&line, "    %-12s %s, now %s", f->name, f->before ? f->before : "none",
		         f->after ? f->after : "none");
		add_line(out, &line, "", look);
	}
	for (size_t i = 0; i < c->parts.n; i++) {
		str_addf(&line, "      %s", c->parts.list[i]);
		add_line(out, &line, "", look);
	}
	str_dispose(&line);
}

static void
add_tags(struct str *out, char sign, const struct texts *tags, enum state state,
         const struct report_look *look)
{
	struct str line = { 0 };

	for (size_t i = 0; i < tags->n; i++) {
		str_addf(&line, "%c %s  a tag in no mapping", sign, tags->list[i]);
		add_line(out, &line, report_colour(look, state), look);
	}
	str_dispose(&line);
}

void
plan_diff_text(struct str *out, const struct plan_diff *d, const struct report_look *look)
{
	for (size_t i = 0; i < d->n_images; i++)
		add_change(out, &d->images[i], look);
	add_tags(out, '+', &d->tags_new, STATE_PRESENT, look);
	add_tags(out, '-', &d->tags_gone, STATE_FAILED, look);
	if (!d->n_images && !d->tags_new.n && !d->tags_gone.n)
		str_adds(out, "the plan on disk is what gen would write now\n");
	else
		str_addf(out, "%zu new, %zu gone, %zu changed\n", d->n_new, d->n_gone, d->n_other);
}

/* ---- JSON ---- */

static void
add_image_json(struct doc *d, const struct image_change *c)
{
	doc_open(d, NULL, '{');
	doc_string(d, "target", (c->after ? c->after : c->before)->target);
	doc_string(d, "change", change_name(c->change));
	doc_open(d, "fields", '[');
	for (size_t i = 0; i < c->n_fields; i++) {
		doc_open(d, NULL, '{');
		doc_string(d, "name", c->fields[i].name);
		doc_string(d, "before", c->fields[i].before);
		doc_string(d, "after", c->fields[i].after);
		doc_close(d, '}');
	}
	doc_close(d, ']');
	doc_strings(d, "parts", c->parts.list, c->parts.n);
	doc_close(d, '}');
}

void
plan_diff_json(struct str *out, const struct plan_diff *diff)
{
	struct doc d = { .out = out };

	doc_open(&d, NULL, '{');
	doc_long(&d, "version", 1);
	doc_long(&d, "new", (long)diff->n_new);
	doc_long(&d, "gone", (long)diff->n_gone);
	doc_long(&d, "changed", (long)diff->n_other);
	doc_open(&d, "images", '[');
	for (size_t i = 0; i < diff->n_images; i++)
		add_image_json(&d, &diff->images[i]);
	doc_close(&d, ']');
	doc_open(&d, "tags", '{');
	doc_strings(&d, "new", diff->tags_new.list, diff->tags_new.n);
	doc_strings(&d, "gone", diff->tags_gone.list, diff->tags_gone.n);
	doc_close(&d, '}');
	doc_close(&d, '}');
}
