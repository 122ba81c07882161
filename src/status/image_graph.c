#include "status/image_graph.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/error.h"
#include "base/str.h"
#include "base/utf8.h"
#include "fleet/fleet.h"
#include "plan/planned.h"
#include "record/ledger.h"
#include "status/html_text.h"
#include "status/status.h"

#define PATCHES_SHOWN 3
#define NODES 16
#define LINES 2
#define LINE 24			/* columns of a line in a box */

enum mark {
	MARK_INPUT,		/* given: commit, patch, Dockerfile */
	MARK_DONE,
	MARK_RUNNING,
	MARK_FAILED,
	MARK_MISSING,		/* what holds the image */
	MARK_TODO,
	MARK_NOT_NEEDED,	/* the image is in the registry already */
};

static const struct { const char *name, *fill, *line; } marks[] = {
	[MARK_INPUT] = { "input", "#f4f4f4", "#888888" },
	[MARK_DONE] = { "done", "#d9f2dc", "#2e7d32" },
	[MARK_RUNNING] = { "running", "#dbe9ff", "#1a5fb4" },
	[MARK_FAILED] = { "failed", "#ffdcdc", "#c01c28" },
	[MARK_MISSING] = { "missing", "#fff2cc", "#b58900" },
	[MARK_TODO] = { "todo", "#ffffff", "#666666" },
	[MARK_NOT_NEEDED] = { "idle", "#ffffff", "#bbbbbb" },
};

/* A box: where it stands in the grid, and what it says. */
struct node {
	unsigned column, row;
	enum mark mark;
	char text[LINES][128];
};

struct edge {
	unsigned from, to;
};

struct graph {
	struct node nodes[NODES];
	unsigned n_nodes;
	struct edge edges[NODES];
	unsigned n_edges;
};

/* ---- the graph ---- */

static unsigned
add_node(struct graph *g, unsigned column, unsigned row, enum mark mark, const char *title,
         const char *text)
{
	struct node *node = &g->nodes[g->n_nodes];
	struct str line = { 0 };
	const char *const texts[LINES] = { title, text };

	*node = (struct node){ .column = column, .row = row, .mark = mark };
	for (unsigned i = 0; i < LINES; i++) {
		str_clear(&line);
		utf8_add_column(&line, texts[i] ? texts[i] : "", LINE);
		size_t len = line.len;
		while (len && line.data[len - 1] == ' ')
			len--;
		if (len >= sizeof(node->text[i]))	/* LINE characters of 4 bytes fit */
			len = 0;
		memcpy(node->text[i], str_text(&line), len);
	}
	str_dispose(&line);
	return g->n_nodes++;
}

static void
add_edge(struct graph *g, unsigned from, unsigned to)
{
	g->edges[g->n_edges++] = (struct edge){ from, to };
}

/* The furthest step whose result is there, of what the image is made of now; -1: none. */
static int
last_done(const struct status_row *row)
{
	const struct made *m = row->made;
	const char *input = row->planned ? row->planned->input : NULL;

	if (row->state == STATE_BUILT)
		return STEP_PUSH;
	if (!m)
		return -1;
	if (input && m->image_input && strcmp(m->image_input, input) == 0)
		return m->verified_id && m->image_id && strcmp(m->verified_id, m->image_id) == 0
		       ? STEP_VERIFY : STEP_IMAGE;
	return m->steps & 1u << STEP_PATCH ? STEP_PATCH : m->steps & 1u << STEP_SOURCE ? STEP_SOURCE : -1;
}

static enum mark
mark_of(const struct status_row *row, int step)
{
	if (row->running && (int)row->running->step == step)
		return MARK_RUNNING;
	if (row->failure && (int)row->failure->step == step)
		return MARK_FAILED;
	if (row->state == STATE_PRESENT)
		return MARK_NOT_NEEDED;
	return step <= last_done(row) ? MARK_DONE : MARK_TODO;
}

/* What a step is about, in few words. */
static const char *
text_of(const struct status_row *row, int step, struct str *scratch)
{
	const struct planned_image *p = row->planned;

	str_clear(scratch);
	if (row->running && (int)row->running->step == step) {
		const struct running *r = row->running;
		if (r->waiting)
			return r->waiting;
		if (r->total)
			str_addf(scratch, "[%ld/%ld]", r->done, r->total);
		else
			str_adds(scratch, "at work");
		return str_text(scratch);
	}
	if (row->failure && (int)row->failure->step == step)
		return row->kind;
	if (step == STEP_PATCH && p && p->patches.n)
		str_addf(scratch, "%zu patch%s", p->patches.n, p->patches.n == 1 ? "" : "es");
	else if (step == STEP_IMAGE && p && p->native)
		str_adds(scratch, native_name(p->native));
	return str_text(scratch);
}

static void
add_steps(struct graph *g, const struct status_row *row)
{
	struct str scratch = { 0 };

	for (int i = 0; i < STEPS; i++) {
		add_node(g, (unsigned)i, 0, mark_of(row, i), step_name((enum step)i),
		         text_of(row, i, &scratch));
		if (i)
			add_edge(g, (unsigned)i - 1, (unsigned)i);
	}
	str_dispose(&scratch);
}

static void
add_tag(struct graph *g, const struct status_row *row)
{
	bool there = row->verdict == VERDICT_PRESENT && !row->stale;
	const char *colon = row->planned ? strrchr(row->planned->image, ':') : NULL;
	struct str repository = { 0 };

	if (colon)
		str_add_bytes(&repository, row->planned->image, (size_t)(colon - row->planned->image));
	unsigned tag = add_node(g, STEPS, 0, there ? MARK_DONE : MARK_TODO, row->target,
	                        str_text(&repository));
	add_edge(g, STEP_PUSH, tag);
	str_dispose(&repository);
}

static void
add_commit(struct graph *g, const struct status *s, const struct status_row *row)
{
	struct str title = { 0 };
	bool held = row->state == STATE_HELD && row->planned->hold == HOLD_SOURCE;

	str_addf(&title, "%s %.12s", s->fleet->name, row->parent);
	unsigned commit = add_node(g, STEP_SOURCE, 1, held ? MARK_MISSING : MARK_INPUT, str_text(&title),
	                           row->planned ? row->planned->subject : NULL);
	add_edge(g, commit, STEP_SOURCE);
	str_dispose(&title);
}

static void
add_patches(struct graph *g, const struct planned_image *p)
{
	size_t shown = p->patches.n > PATCHES_SHOWN ? PATCHES_SHOWN - 1 : p->patches.n;

	for (size_t i = 0; i < shown; i++)
		add_edge(g, add_node(g, STEP_PATCH, 1 + (unsigned)i, MARK_INPUT, p->patches.list[i], "patch"),
		         STEP_PATCH);
	if (p->patches.n > shown) {
		struct str more = { 0 };
		str_addf(&more, "%zu more patches", p->patches.n - shown);
		add_edge(g, add_node(g, STEP_PATCH, 1 + (unsigned)shown, MARK_INPUT, str_text(&more), ""),
		         STEP_PATCH);
		str_dispose(&more);
	}
}

static void
add_image_inputs(struct graph *g, const struct status *s, const struct status_row *row)
{
	const struct planned_image *p = row->planned;
	struct str human = { 0 };
	unsigned at = 1;

	if (p && p->base.image) {
		const char *colon = strrchr(p->base.image, ':');
		str_addf(&human, "human %.12s", colon ? colon + 1 : "");
		add_edge(g, add_node(g, STEP_IMAGE, at++,
		                     p->base.verdict == VERDICT_PRESENT ? MARK_INPUT : MARK_MISSING,
		                     str_text(&human), p->base.verdict == VERDICT_PRESENT
		                                       ? p->base.digest : verdict_name(p->base.verdict)),
		         STEP_IMAGE);
	}
	if (p && p->objects)
		add_edge(g, add_node(g, STEP_IMAGE, at++, MARK_INPUT, p->objects, "its objects"), STEP_IMAGE);
	add_edge(g, add_node(g, STEP_IMAGE, at, MARK_INPUT, s->fleet->build.dockerfile, "Dockerfile"),
	         STEP_IMAGE);
	str_dispose(&human);
}

static void
make_graph(struct graph *g, const struct status *s, const struct status_row *row)
{
	*g = (struct graph){ 0 };
	add_steps(g, row);	/* first: their numbers are those of the steps */
	add_tag(g, row);
	add_commit(g, s, row);
	if (row->planned)
		add_patches(g, row->planned);
	add_image_inputs(g, s, row);
}

/* ---- dot ---- */

static void
add_dot_text(struct str *out, const char *text)
{
	for (; *text; text++) {
		if (strchr("\"\\", *text))
			str_add(out, '\\');
		str_add(out, *text);
	}
}

void
image_graph_dot(struct str *out, const struct status *s, const struct status_row *row)
{
	struct graph g;

	make_graph(&g, s, row);
	str_adds(out, "digraph \"");
	add_dot_text(out, row->target);
	str_adds(out, "\" {\n"
	         "\trankdir=LR\n"
	         "\tnode [shape=box, style=\"filled,rounded\", fontname=\"sans-serif\", fontsize=11]\n");
	for (unsigned i = 0; i < g.n_nodes; i++) {
		const struct node *node = &g.nodes[i];
		str_addf(out, "\tn%u [label=\"", i);
		add_dot_text(out, node->text[0]);
		if (*node->text[1]) {
			str_adds(out, "\\n");
			add_dot_text(out, node->text[1]);
		}
		str_addf(out, "\", fillcolor=\"%s\", color=\"%s\"]\n", marks[node->mark].fill,
		         marks[node->mark].line);
	}
	for (unsigned i = 0; i < g.n_edges; i++)
		str_addf(out, "\tn%u -> n%u\n", g.edges[i].from, g.edges[i].to);
	str_adds(out, "}\n");
}

/* ---- svg ---- */

#define BOX_WIDTH 166
#define BOX_HEIGHT 44
#define GAP_X 28
#define GAP_Y 22
#define MARGIN 8

static int
left_of(const struct node *node)
{
	return MARGIN + (int)node->column * (BOX_WIDTH + GAP_X);
}

static int
top_of(const struct node *node, unsigned rows)
{
	return MARGIN + (int)(rows - 1 - node->row) * (BOX_HEIGHT + GAP_Y);
}

static void
add_box(struct str *out, const struct node *node, unsigned rows)
{
	int x = left_of(node), y = top_of(node, rows);

	str_addf(out, "<g class=\"box m-%s\"><rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\"/>",
	         marks[node->mark].name, x, y, BOX_WIDTH, BOX_HEIGHT);
	for (int i = 0; i < LINES; i++) {
		if (!*node->text[i])
			continue;
		str_addf(out, "<text class=\"t%d\" x=\"%d\" y=\"%d\">", i, x + BOX_WIDTH / 2,
		         y + (*node->text[1] ? 18 + 16 * i : 26));
		html_add(out, node->text[i]);
		str_adds(out, "</text>");
	}
	str_adds(out, "</g>\n");
}

/* Between steps from right to left edge; from an input down, past those below it. */
static void
add_line(struct str *out, const struct node *from, const struct node *to, unsigned rows)
{
	int x1 = left_of(from), y1 = top_of(from, rows), x2 = left_of(to), y2 = top_of(to, rows);

	if (from->column != to->column) {
		str_addf(out, "<path class=\"edge\" d=\"M%d %dH%d\"/>", x1 + BOX_WIDTH, y1 + BOX_HEIGHT / 2,
		         x2 - 5);
		str_addf(out, "<path class=\"head\" d=\"M%d %dl-7 -4v8z\"/>\n", x2, y2 + BOX_HEIGHT / 2);
		return;
	}
	int x = x1 + BOX_WIDTH / 2;
	if (from->row == 1) {
		str_addf(out, "<path class=\"edge\" d=\"M%d %dV%d\"/>", x, y1 + BOX_HEIGHT, y2 - 5);
		str_addf(out, "<path class=\"head\" d=\"M%d %dl-4 -7h8z\"/>\n", x, y2);
		return;
	}
	int side = x1 + BOX_WIDTH + GAP_X / 2;
	str_addf(out, "<path class=\"edge\" d=\"M%d %dH%dV%dH%dV%d\"/>\n", x1 + BOX_WIDTH,
	         y1 + BOX_HEIGHT / 2, side, y2 - GAP_Y / 2, x, y2 - 5);
}

void
image_graph_svg(struct str *out, const struct status *s, const struct status_row *row)
{
	struct graph g;
	unsigned rows = 1;

	make_graph(&g, s, row);
	for (unsigned i = 0; i < g.n_nodes; i++)
		if (g.nodes[i].row >= rows)
			rows = g.nodes[i].row + 1;
	int width = 2 * MARGIN + (STEPS + 1) * (BOX_WIDTH + GAP_X) - GAP_X;
	int height = 2 * MARGIN + (int)rows * (BOX_HEIGHT + GAP_Y) - GAP_Y;
	str_addf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"picture\" viewBox=\"0 0 %d %d\" "
	         "width=\"%d\" height=\"%d\" role=\"img\"><title>", width, height, width, height);
	html_add(out, row->target);
	str_adds(out, "</title>\n");
	for (unsigned i = 0; i < g.n_edges; i++)
		add_line(out, &g.nodes[g.edges[i].from], &g.nodes[g.edges[i].to], rows);
	for (unsigned i = 0; i < g.n_nodes; i++)
		add_box(out, &g.nodes[i], rows);
	str_adds(out, "</svg>\n");
}

void
image_graph_svg_file(struct str *out, const struct status *s, const struct status_row *row)
{
	struct str picture = { 0 };

	image_graph_svg(&picture, s, row);
	const char *body = strchr(str_text(&picture), '\n') + 1;
	str_adds(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	str_add_bytes(out, picture.data, (size_t)(body - picture.data));
	str_adds(out, "<style>\n"
	         "text { font: 12px sans-serif; text-anchor: middle; fill: #222222 }\n"
	         ".t1 { font-size: 10px }\n"
	         ".edge { fill: none; stroke: #666666 } .head { fill: #666666 }\n"
	         "rect { stroke-width: 1.5 }\n");
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		str_addf(out, ".m-%s rect { fill: %s; stroke: %s }\n", marks[i].name, marks[i].fill,
		         marks[i].line);
	str_adds(out, "</style>\n");
	str_adds(out, body);
	str_dispose(&picture);
}
