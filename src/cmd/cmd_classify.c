#include "cmd/commands.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "base/program.h"
#include "cmd/options.h"
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

/* Returns the exit status: one log that cannot be read does not keep us from the others. */
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
		program_say("%s", err.text);
	return ret < 0 ? 1 : 0;
}

/*
 * Prints one line a log: "file<TAB>class<TAB>line number<TAB>the line"; the number is 0 and
 * the line empty when no line says anything.
 */
int
cmd_classify(struct options *options, struct error *err)
{
	struct classifier *c = classifier_new();
	int status = 0;
	(void)err;

	if (!*options->words)
		status = classify(c, "-");
	for (char **path = options->words; *path; path++)
		status |= classify(c, *path);
	classifier_free(c);
	return status;
}
