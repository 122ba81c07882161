/* report_md.h - the status as Markdown: gen status --md, out/status.md.  Pure. */
#ifndef GEN_REPORT_MD_H
#define GEN_REPORT_MD_H

struct status;
struct str;

/*
 * GitHub's Markdown: tables, no HTML.  Each parent commit is a row of just one of the
 * tables that list images, under the heading of its state.
 */
void report_md(struct str *out, const struct status *s);

/*
 * Add text as it shows in one cell of a table: what Markdown would take for its own is
 * escaped, and only that; controls become '?'.
 *
 * Source: CommonMark 0.30, section 2.4; GFM 0.29, section 4.10.
 */
void report_md_cell(struct str *out, const char *text);

#endif
