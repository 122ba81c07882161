/* report_html.h - the status as one HTML page: gen status --html, out/status.html.  Pure.
 *
 * The page needs nothing but itself: no network, no other file.  Its content security
 * policy lets only its own script run, by digest, so that text from a mapping or a log
 * does nothing even if it were taken for markup.
 */
#ifndef GEN_REPORT_HTML_H
#define GEN_REPORT_HTML_H

struct arena;
struct status;
struct str;

/* Images beyond these have a row in the table, and no picture. */
#define REPORT_DETAILS 400

void report_html(struct str *out, const struct status *s, struct arena *a);

#endif
