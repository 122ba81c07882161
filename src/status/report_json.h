/* report_json.h - the status as a JSON document: gen status --json, out/status.json.  Pure.
 *
 * docs/status.md describes it, member by member.
 */
#ifndef GEN_REPORT_JSON_H
#define GEN_REPORT_JSON_H

/* It goes up when the meaning of a member changes; new members may come at any time. */
#define STATUS_VERSION 1

struct status;
struct status_row;
struct str;

void report_json(struct str *out, const struct status *s);

/* One image, as in the list "images". */
void report_json_image(struct str *out, const struct status *s, const struct status_row *row);

#endif
