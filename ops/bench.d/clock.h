/* The clock of the programs of ops/bench. */
#include <time.h>

/* Seconds of a clock that only goes on. */
static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}
