#include "plan/native_facts.h"

#include <string.h>

#include "base/error.h"
#include "fleet/native_key.h"
#include "git/gitrepo.h"
#include "json/fields.h"

static int
add_entry(struct native_facts *out, struct gitrepo *g, const struct tree_id *tree,
          const char *path, struct arena *a, struct error *err)
{
	struct tree_id id;
	int found = gitrepo_entry_id(&id, g, tree, path, err);
	if (found > 0)
		native_facts_add(out, "file", path, id.hex, a);
	return found < 0 ? -1 : 0;
}

/* A path is one fact, though a folder: its id covers all that is in it. */
static int
add_input(struct native_facts *out, struct gitrepo *g, const struct tree_id *tree,
          const char *input, struct arena *a, struct error *err)
{
	const char **paths;
	size_t n;
	if (!strpbrk(input, "*?[\\"))
		return add_entry(out, g, tree, input, a, err);
	if (gitrepo_glob(&paths, &n, g, tree, input, a, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (add_entry(out, g, tree, paths[i], a, err) < 0)
			return -1;
	return 0;
}

static int
add_pin(struct native_facts *out, struct gitrepo *g, const struct tree_id *tree,
        const struct native_pin_rule *pin, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < pin->n_files; i++) {
		const char *text;
		size_t len;
		int found = gitrepo_read_file(&text, &len, g, tree, pin->files[i], a, err);
		if (found < 0)
			return -1;
		const char *version = found ? native_pin(text, len, pin->package, a) : NULL;
		if (version) {
			native_facts_add(out, "pin", pin->package, version, a);
			return 0;
		}
	}
	return 0;
}

static void
add_arg(struct native_facts *out, const char *name, const struct name_value *args, size_t n,
        struct arena *a)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(args[i].name, name) == 0)
			native_facts_add(out, "arg", name, args[i].value, a);
}

int
native_facts_gather(struct native_facts *out, struct gitrepo *g, const struct tree_id *tree,
                    const struct native_rules *rules, const struct name_value *args,
                    size_t n_args, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < rules->n_inputs; i++)
		if (add_input(out, g, tree, rules->inputs[i], a, err) < 0)
			return -1;
	for (size_t i = 0; i < rules->n_pins; i++)
		if (add_pin(out, g, tree, &rules->pins[i], a, err) < 0)
			return -1;
	for (size_t i = 0; i < rules->n_args; i++)
		add_arg(out, rules->args[i], args, n_args, a);
	return 0;
}
