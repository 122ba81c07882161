#include "plan/planned_write.h"

#include "base/arena.h"
#include "base/sink.h"
#include "json/doc.h"
#include "plan/plan.h"
#include "plan/planned.h"
#include "plan/planned_members.h"
#include "plan/planned_of.h"

/* Those that the fleet does not have so.  It has no name that the image has not. */
static struct values
own_values(const struct values *all, const struct values *fleet, struct arena *a)
{
	struct values own = { arena_array(a, all->n, sizeof(*own.list)), 0 };

	for (size_t i = 0; i < all->n; i++)
		if (!values_has(fleet, &all->list[i]))
			own.list[own.n++] = all->list[i];
	return own;
}

/* Leave out what the fleet's line says; and the recipe of what is not built. */
static void
leave_out(struct planned_image *image, const struct planned *fleet, struct arena *a)
{
	if (image->input) {
		image->args = own_values(&image->args, &fleet->args, a);
		image->env = own_values(&image->env, &fleet->env, a);
	} else {
		image->tree = NULL;
		image->patch_digests.n = image->args.n = image->env.n = 0;
		image->gb_per_job = 0;
	}
}

/* A line of its own, as plan/planned.h says. */
static void
write_line(struct str *out, bool first, const struct planned_image *image)
{
	struct doc line = { .out = out, .dense = true };

	str_adds(out, first ? "\n" : ",\n");
	doc_open(&line, NULL, '{');
	members_write(&line, planned_image_members, image);
	doc_close(&line, '}');
}

static void
write_image(struct doc *d, bool first, struct planned_image *image, const struct planned *fleet,
            struct arena *a)
{
	if (d->dense) {
		leave_out(image, fleet, a);
		write_line(d->out, first, image);
		return;
	}
	doc_open(d, NULL, '{');
	members_write(d, planned_image_members, image);
	doc_close(d, '}');
}

static int
write_images(struct doc *d, struct sink *out, const struct planned *fleet, const struct plan *plan,
             const struct surroundings *s, struct error *err)
{
	struct arena scratch = { 0 };
	struct planned_image image;
	int ret = 0;

	doc_open(d, "images", '[');
	for (size_t i = 0; i < plan->n_images && ret == 0; i++) {
		planned_of_image(&image, &plan->images[i], plan, s, &scratch);
		write_image(d, i == 0, &image, fleet, &scratch);
		arena_reuse(&scratch);
		ret = sink_flow(out, err);
	}
	if (d->dense)
		str_add(d->out, '\n');
	doc_close(d, ']');
	arena_dispose(&scratch);
	return ret;
}

static void
write_tags(struct doc *d, const struct planned *fleet)
{
	doc_open(d, "unmapped_tags", '[');
	for (size_t i = 0; i < fleet->n_tags; i++)
		doc_string(d, NULL, fleet->tags[i].tag);
	doc_close(d, ']');

	doc_open(d, "unmapped_pairs", '[');
	for (size_t i = 0; i < fleet->n_tags; i++) {
		if (!fleet->tags[i].human)
			continue;
		doc_open(d, NULL, '{');
		members_write(d, planned_tag_members, &fleet->tags[i]);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

int
planned_write(struct sink *out, bool ours, const struct plan *plan, const struct surroundings *s,
              struct error *err)
{
	struct doc d = { .out = &out->text, .dense = ours };
	struct arena a = { 0 };
	struct planned fleet;

	planned_of_fleet(&fleet, plan, s, &a);
	fleet.version = ours ? PLAN_FILE_VERSION : PLAN_VERSION;
	doc_open(&d, NULL, '{');
	members_write(&d, planned_members, &fleet);
	int ret = write_images(&d, out, &fleet, plan, s, err);
	write_tags(&d, &fleet);
	doc_close(&d, '}');
	if (ours)
		str_add(d.out, '\n');
	arena_dispose(&a);
	return ret == 0 ? sink_end(out, err) : -1;
}
