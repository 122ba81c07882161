/* build_order.h - which image ninja should start first.  Pure. */
#ifndef GEN_BUILD_ORDER_H
#define GEN_BUILD_ORDER_H

struct arena;
struct plan;

/*
 * Put the images of a plan in the order in which they should be built, into plan->order.
 * ninja takes what can be started as it stands in the file.  Compiles come first, and of them
 * those that took longest; what took nobody knows how long counts as usual.  Otherwise they
 * follow each other as in history: neighbours find the most in the compiler's cache.
 */
void build_order(struct plan *plan, struct arena *a);

#endif
