#include "base/str.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

void
str_reserve(struct str *s, size_t more)
{
	if (more < s->cap - s->len)
		return;

	size_t cap = s->cap ? s->cap : 64;
	while (cap - s->len <= more) {
		if (cap > SIZE_MAX / 2)
			memory_exhausted();
		cap *= 2;
	}
	s->data = memory_resize(s->data, cap);
	s->cap = cap;
}

void
str_add_number(struct str *s, long long number)
{
	char digits[24], *p = digits + sizeof(digits);
	unsigned long long left = number < 0 ? -(unsigned long long)number : (unsigned long long)number;

	do
		*--p = (char)('0' + left % 10);
	while (left /= 10);
	if (number < 0)
		*--p = '-';
	str_add_bytes(s, p, (size_t)(digits + sizeof(digits) - p));
}

void
str_vaddf(struct str *s, const char *fmt, va_list ap)
{
	va_list again;
	va_copy(again, ap);

	str_reserve(s, 0);
	int n = vsnprintf(s->data + s->len, s->cap - s->len, fmt, ap);
	if (n >= 0 && (size_t)n >= s->cap - s->len) {
		str_reserve(s, (size_t)n);
		vsnprintf(s->data + s->len, s->cap - s->len, fmt, again);
	}
	va_end(again);
	if (n > 0)
		s->len += (size_t)n;
}

void
str_addf(struct str *s, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	str_vaddf(s, fmt, ap);
	va_end(ap);
}

const char *
str_text(const struct str *s)
{
	return s->data ? s->data : "";
}

void
str_clear(struct str *s)
{
	s->len = 0;
	if (s->data)
		s->data[0] = '\0';
}

void
str_dispose(struct str *s)
{
	free(s->data);
	*s = (struct str){ 0 };
}
