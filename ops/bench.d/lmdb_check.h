/* How the programs of ops/bench end at an error of LMDB or of the system. */
#include <errno.h>
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>

/* Ends the program, with its name and what it did, unless the code is 0. */
static void check(int code, const char *what) {
    if (code == 0) return;
    fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, mdb_strerror(code));
    exit(1);
}
