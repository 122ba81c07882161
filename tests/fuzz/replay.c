/*
 * Run a fuzz target over files, without a fuzzer.
 *
 * usage: replay_TARGET FILE...
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOST ((size_t)1024 * 1024)

static int
run(const char *path)
{
	FILE *f = fopen(path, "rb");
	uint8_t *all = malloc(MOST);
	if (!f || !all) {
		perror(path);
		return 1;
	}
	size_t n = fread(all, 1, MOST, f);
	fclose(f);

	/* Just as long as the input, so that a sanitizer sees what reads behind it. */
	uint8_t *exact = realloc(all, n ? n : 1);
	LLVMFuzzerTestOneInput(exact, n);
	free(exact);
	return 0;
}

int
main(int argc, char **argv)
{
	int ret = 0;
	for (int i = 1; i < argc; i++)
		ret |= run(argv[i]);
	printf("%d inputs\n", argc - 1);
	return ret;
}
