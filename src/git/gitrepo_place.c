/*
 * Where the hunks of a patch fit.  libgit2 applies a hunk at the line that it
 * names and nowhere else; git apply looks for the place, and the patch of one
 * commit is often that of its neighbours, some lines further down.
 */
#include "git/gitrepo_patch.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "git/hunk_place.h"

/* One file of the patch. */
struct placing {
	git_patch *patch;
	struct text_lines file;	/* as it was */
	size_t done;		/* lines of it behind the last hunk */
	long shift;		/* how many lines the hunks so far have added */
	bool deletes;
};

/* The lines that a hunk expects to find. */
static int
read_wanted(struct text_lines *want, size_t *trailing, git_patch *patch, size_t hunk)
{
	int n = git_patch_num_lines_in_hunk(patch, hunk);
	bool in_want = false;
	*trailing = 0;
	for (int i = 0; i < n; i++) {
		const git_diff_line *line;
		int ret = git_patch_get_line_in_hunk(&line, patch, hunk, (size_t)i);
		if (ret < 0)
			return ret;
		switch (line->origin) {
		case GIT_DIFF_LINE_CONTEXT:
		case GIT_DIFF_LINE_DELETION:
			text_lines_add(want, line->content, line->content_len);
			in_want = true;
			*trailing = line->origin == GIT_DIFF_LINE_CONTEXT ? *trailing + 1 : 0;
			break;
		case GIT_DIFF_LINE_ADDITION:
			in_want = false;
			*trailing = 0;
			break;
		default:	/* "\ No newline at end of file" */
			if (in_want && want->n && want->line[want->n - 1].len &&
			    want->line[want->n - 1].at[want->line[want->n - 1].len - 1] == '\n')
				want->line[want->n - 1].len--;
			break;
		}
	}
	return n < 0 ? n : 0;
}

/* 1 and start set, 0 it fits nowhere, -1 libgit2 fails. */
static int
place_hunk(struct hunk_start *start, const git_diff_hunk *hunk, struct placing *f, size_t number)
{
	struct text_lines want = { 0 };
	size_t line = 0, trailing;
	int ret = read_wanted(&want, &trailing, f->patch, number);
	if (ret == 0) {
		long expected = (long)hunk->new_start - 1 - f->shift;
		struct hunk_fit fit = {
			.want = &want,
			.expected = expected > 0 ? (size_t)expected : 0,
			.least = f->done,
			.at_start = hunk->old_start <= 1,
			.at_end = trailing == 0,
		};
		ret = hunk_place(&line, &f->file, &fit) &&
		      (!f->deletes || want.n == f->file.n);
		start->old_start = (long)line + (hunk->old_lines ? 1 : 0);
		/* libgit2 takes this for the line, also where the hunk leaves none. */
		start->new_start = (long)line + f->shift + 1;
		f->done = line + want.n;
		f->shift += (long)hunk->new_lines - (long)hunk->old_lines;
	}
	text_lines_dispose(&want);
	return ret;
}

static void
add_start(struct hunk_starts *starts, const git_diff_hunk *hunk, const struct hunk_start *start)
{
	starts->at = memory_grow(starts->at, &starts->cap, starts->n, sizeof(*starts->at));
	starts->at[starts->n++] = *start;
	if (start->new_start != (hunk->new_start ? hunk->new_start : 1))
		starts->moved = true;
}

static int
place_hunks(struct hunk_starts *starts, struct placing *f, const struct patching *p,
            const char *path, bool known, struct error *err)
{
	size_t n = git_patch_num_hunks(f->patch);
	for (size_t i = 0; i < n; i++) {
		const git_diff_hunk *hunk;
		if (git_patch_get_hunk(&hunk, NULL, f->patch, i) < 0)
			return gitrepo_lib_error(err, "%s: %s", p->name, path);
		struct hunk_start start = { hunk->old_start, hunk->new_start };
		int ret = known ? place_hunk(&start, hunk, f, i) : 1;
		if (ret < 0)
			return gitrepo_lib_error(err, "%s: %s", p->name, path);
		if (ret == 0)
			return gitrepo_hunk_error(err, p->name, path, i + 1, hunk);
		add_start(starts, hunk, &start);
	}
	return 0;
}

/* A patch that removes a file is for that very file. */
static bool
removes_another(const git_diff_delta *d, const git_index_entry *entry, git_blob *blob)
{
	if (d->flags & GIT_DIFF_FLAG_BINARY)
		return d->old_file.id_abbrev == GIT_OID_HEXSZ &&
		       !git_oid_equal(&d->old_file.id, &entry->id);
	return git_blob_rawsize(blob) > 0;
}

static int
place_file(struct hunk_starts *starts, const struct patching *p, git_index *before, size_t i,
           struct error *err)
{
	const git_diff_delta *d = git_diff_get_delta(p->diff, i);
	const char *path = gitrepo_delta_path(d);
	struct placing f = { .deletes = d->status == GIT_DELTA_DELETED };
	git_blob *blob = NULL;
	size_t earlier;
	int ret = -1;

	/* What an earlier part of the patch leaves is not known here: left to libgit2. */
	bool known = d->status != GIT_DELTA_ADDED &&
	             !gitrepo_made_by(&earlier, p->diff, i, d->old_file.path);
	if (git_patch_from_diff(&f.patch, p->diff, i) < 0) {
		gitrepo_lib_error(err, "%s: %s", p->name, path);
		goto out;
	}
	if (known && (git_patch_num_hunks(f.patch) || f.deletes)) {
		const git_index_entry *e = git_index_get_bypath(before, d->old_file.path, 0);
		if (git_blob_lookup(&blob, p->g->handle, &e->id) < 0) {
			gitrepo_lib_error(err, "%s: %s", p->name, path);
			goto out;
		}
		if (!git_patch_num_hunks(f.patch) && removes_another(d, e, blob)) {
			error_set(err, "%s: %s: is not the file that the patch removes", p->name,
			          path);
			goto out;
		}
		text_lines_split(&f.file, git_blob_rawcontent(blob),
		                 (size_t)git_blob_rawsize(blob));
	}
	ret = place_hunks(starts, &f, p, path, known, err);
out:
	text_lines_dispose(&f.file);
	git_blob_free(blob);
	git_patch_free(f.patch);
	return ret;
}

int
gitrepo_place_hunks(struct hunk_starts *starts, const struct patching *p, git_index *before,
                    struct error *err)
{
	for (size_t i = 0; i < git_diff_num_deltas(p->diff); i++)
		if (place_file(starts, p, before, i, err) < 0)
			return -1;
	return 0;
}
