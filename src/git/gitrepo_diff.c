/* Patches, made. */
#include "git/gitrepo.h"

#include <string.h>

#include "base/str.h"
#include "git/gitrepo_lib.h"

/* libgit2 has no way to tell it a buffer's mode: it writes 100644 at the end of "index". */
static void
add_with_mode(struct str *out, const char *text, size_t len, unsigned mode)
{
	static const char plain[] = " 100644\n";
	const char *index = strstr(text, "\nindex ");
	const char *end = index ? strchr(index + 1, '\n') : NULL;
	size_t before = end ? (size_t)(end + 1 - text) : 0;

	if (before < sizeof(plain) - 1 ||
	    memcmp(text + before - (sizeof(plain) - 1), plain, sizeof(plain) - 1) != 0) {
		str_add_bytes(out, text, len);
		return;
	}
	str_add_bytes(out, text, before - (sizeof(plain) - 1));
	str_addf(out, " %06o\n", mode);
	str_add_bytes(out, text + before, len - before);
}

int
gitrepo_diff_text(struct str *out, const char *path, unsigned mode, const char *old,
                  size_t old_len, const char *new, size_t new_len, struct error *err)
{
	if (old_len == new_len && (old_len == 0 || memcmp(old, new, old_len) == 0))
		return 0;

	git_diff_options options;
	git_diff_options_init(&options, GIT_DIFF_OPTIONS_VERSION);
	options.flags |= GIT_DIFF_SHOW_BINARY;
	git_patch *patch = NULL;
	git_buf buf = { 0 };
	int ret = git_patch_from_buffers(&patch, old_len ? old : "", old_len, path,
	                                 new_len ? new : "", new_len, path, &options);
	if (ret == 0)
		ret = git_patch_to_buf(&buf, patch);
	if (ret == 0)
		add_with_mode(out, buf.ptr, buf.size, mode);
	else
		gitrepo_lib_error(err, "%s", path);
	git_buf_dispose(&buf);
	git_patch_free(patch);
	return ret < 0 ? -1 : 0;
}
