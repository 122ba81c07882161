/* ideal - the least that a program can do that makes a build file from a mapping.
 *
 * usage: ideal MAPPING BUILD_FILE
 *
 * It reads the pairs one at a time with jansson, drops those that come again, and writes the
 * statements that gen writes: for each pair, and then the groups of all of them.  It asks
 * neither git nor a registry, checks nothing, keeps no order, and makes the digests up: what
 * gen takes longer is the price of all that.
 */
#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#define HEX 40
#define SHORT 12
#define BLANKS " \t\r\n"
#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

struct pair {
	struct {
		char parent[HEX];
		char human[HEX];
	} key;
	UT_hash_handle hh;
};

static void
die(const char *what, const char *why)
{
	fprintf(stderr, "ideal: %s: %s\n", what, why);
	exit(1);
}

/* NULL if it was there. */
static const struct pair *
add_pair(struct pair **all, const char *parent, const char *human)
{
	struct pair *pair = malloc(sizeof(*pair)), *known;

	if (!pair)
		die(parent, strerror(errno));
	memcpy(pair->key.parent, parent, HEX);
	memcpy(pair->key.human, human, HEX);
	HASH_FIND(hh, *all, &pair->key, sizeof(pair->key), known);
	if (known) {
		free(pair);
		return NULL;
	}
	HASH_ADD(hh, *all, key, sizeof(pair->key), pair);
	return pair;
}

static void
write_image(FILE *out, const struct pair *pair)
{
	const char *parent = pair->key.parent, *human = pair->key.human;
	char t[sizeof("baseline-") + SHORT];

	snprintf(t, sizeof(t), "baseline-%.*s", SHORT, parent);
	fprintf(out, "\n# %s: build, parent of %.8s\n", t, human);
	fprintf(out, "build out/stamps/%s.source: source\n  target = %s\n  commit = %.*s\n", t, t, HEX,
	        parent);
	fprintf(out, "build out/stamps/%s.patch: patch out/stamps/%s.source\n  target = %s\n"
	        "  digest = " DIGEST "\n", t, t, t);
	fprintf(out, "build out/stamps/%s.image: image out/stamps/%s.patch\n  pool = cuda\n  target = %s\n"
	        "  input = " DIGEST "\n", t, t, t);
	fprintf(out, "build out/stamps/%s.verify: verify out/stamps/%s.image\n  target = %s\n", t, t, t);
	fprintf(out, "build local-%s: phony out/stamps/%s.verify\n", t, t);
	fprintf(out, "build out/stamps/%s.push: push out/stamps/%s.verify\n  target = %s\n"
	        "  input = " DIGEST "\n", t, t, t);
	fprintf(out, "build %s %.17s human-%.8s: phony out/stamps/%s.push\n", t, t, human, t);
}

static void
write_group(FILE *out, const char *name, const char *prefix, const struct pair *all)
{
	fprintf(out, "build %s: phony", name);
	for (const struct pair *pair = all; pair; pair = pair->hh.next)
		fprintf(out, " %sbaseline-%.*s", prefix, SHORT, pair->key.parent);
	fputc('\n', out);
}

/* The whole file, with a NUL behind it. */
static char *
read_file(const char *path, size_t *len)
{
	FILE *in = fopen(path, "r");

	if (!in || fseek(in, 0, SEEK_END) < 0)
		die(path, strerror(errno));
	*len = (size_t)ftell(in);
	rewind(in);
	char *text = malloc(*len + 1);
	if (!text || fread(text, 1, *len, in) != *len)
		die(path, strerror(errno));
	text[*len] = '\0';
	fclose(in);
	return text;
}

static const char *
hash_in(const json_t *pair, const char *key)
{
	const char *hash = json_string_value(json_object_get(pair, key));

	if (!hash || strlen(hash) != HEX)
		die(key, "not 40 digits");
	return hash;
}

static void
read_pairs(struct pair **all, const char *text, size_t len, FILE *out)
{
	const char *at = text + strspn(text, BLANKS);
	json_error_t err;

	if (*at != '[')
		die("mapping", "no array");
	do {
		at++;
		json_t *json = json_loadb(at, len - (size_t)(at - text), JSON_DISABLE_EOF_CHECK, &err);
		if (!json)
			die("mapping", err.text);
		const struct pair *pair = add_pair(all, hash_in(json, "parent_commit"),
		                                   hash_in(json, "human_commit"));
		if (pair)
			write_image(out, pair);
		json_decref(json);
		at += err.position;	/* behind the element, as jansson says */
		at += strspn(at, BLANKS);
	} while (*at == ',');
}

int
main(int argc, char **argv)
{
	struct pair *all = NULL;
	size_t len;

	if (argc != 3) {
		fputs("usage: ideal MAPPING BUILD_FILE\n", stderr);
		return 2;
	}
	const char *text = read_file(argv[1], &len);
	FILE *out = fopen(argv[2], "w");
	if (!out)
		die(argv[2], strerror(errno));
	read_pairs(&all, text, len, out);
	fputs("\n# groups\n", out);
	write_group(out, "v1", "", all);
	write_group(out, "local", "local-", all);
	fputs("build all: phony v1\ndefault all\n", out);
	if (fclose(out) != 0)
		die(argv[2], strerror(errno));
	return 0;
}
