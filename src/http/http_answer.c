#include "http/http_answer.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"

const char *
http_answer_header(const struct http_answer *answer, const char *name)
{
	for (size_t i = 0; i < answer->n_headers; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			return answer->headers[i].value;
	return NULL;
}

const char *const *
http_answer_headers(size_t *n, const struct http_answer *answer, const char *name,
                    struct arena *a)
{
	const char **values = arena_array(a, answer->n_headers + 1, sizeof(*values));
	*n = 0;
	for (size_t i = 0; i < answer->n_headers; i++)
		if (strcasecmp(answer->headers[i].name, name) == 0)
			values[(*n)++] = answer->headers[i].value;
	return values;
}

bool
http_answer_has_type(const struct http_answer *answer, const char *type)
{
	const char *value = http_answer_header(answer, "Content-Type");
	size_t n = strlen(type);
	if (!value || strncasecmp(value, type, n) != 0)
		return false;
	value += n;
	value += strspn(value, " \t");
	return !*value || *value == ';';
}

const char *
http_status_text(long status, struct arena *a)
{
	static const struct { long status; const char *words; } rows[] = {
		{ 200, "OK" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 402, "Payment Required" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 407, "Proxy Authentication Required" },
		{ 408, "Request Timeout" },
		{ 410, "Gone" },
		{ 413, "Content Too Large" },
		{ 429, "Too Many Requests" },
		{ 451, "Unavailable For Legal Reasons" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].status == status)
			return arena_printf(a, "%ld %s", status, rows[i].words);
	return arena_printf(a, "status %ld", status);
}
