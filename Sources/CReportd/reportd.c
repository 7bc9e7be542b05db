#include "CReportd.h"

#include <malloc.h>
#include <sys/timex.h>

#ifndef REPORTD_COMMIT
#define REPORTD_COMMIT ""
#endif

const char *reportd_build_commit(void) { return REPORTD_COMMIT; }

int reportd_clock_is_set(void) {
    struct timex state = {0};
    int result = adjtimex(&state);
    if (result < 0) return -1;
    return result != TIME_ERROR && (state.status & STA_UNSYNC) == 0;
}

int reportd_bound_malloc(int arenas, int mapped, int kept) {
    // Setting a threshold also ends its growing by itself, up to 32 MiB.
    return mallopt(M_ARENA_MAX, arenas) & mallopt(M_MMAP_THRESHOLD, mapped) & mallopt(M_TRIM_THRESHOLD, kept);
}
