#include "cmd/cmd_classify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "logs/classify.h"
#include "logs/failure_class.h"
#include "logs/log_class.h"

static int
print_class(struct classifier *c, int fd, const char *path, struct error *err)
{
	struct finding f;
	if (log_class_read(&f, c, fd, path, err) < 0)
		return -1;
	printf("%s\t%s\t%zu\t%s\n", path, failure_class_name(f.class), f.line, f.text);
	return 0;
}

static int
classify(struct classifier *c, const char *path)
{
	struct error err = { 0 };
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	int ret = -1;
	if (fd < 0)
		error_set(&err, "%s: %s", path, strerror(errno));
	else
		ret = print_class(c, fd, path, &err);
	if (fd > STDIN_FILENO)
		close(fd);
	if (ret < 0)
		fprintf(stderr, "gen: %s\n", err.text);
	return ret;
}

int
cmd_classify(int n_paths, char *const *paths)
{
	struct classifier *c = classifier_new();
	int status = 0;
	if (n_paths == 0 && classify(c, "-") < 0)
		status = 1;
	for (int i = 0; i < n_paths; i++)
		if (classify(c, paths[i]) < 0)
			status = 1;
	classifier_free(c);
	return status;
}
