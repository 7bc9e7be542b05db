/* What SQLite does with the pairs of a dump: one table with a unique key, WAL, synchronous=FULL, one transaction a batch.
 *
 *   sqlite FILE DUMP BATCH
 *
 * DUMP as for load.c. Prints one line of JSON.
 */
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

static sqlite3 *database;

static void check(int code, const char *what) {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    fprintf(stderr, "sqlite: %s: %s\n", what, sqlite3_errmsg(database));
    exit(1);
}

static void run(const char *text) { check(sqlite3_exec(database, text, NULL, NULL, NULL), text); }

int main(int count, char **arguments) {
    if (count != 4) { fprintf(stderr, "usage: sqlite FILE DUMP BATCH\n"); return 2; }
    check(sqlite3_open(arguments[1], &database), "open");
    run("PRAGMA journal_mode=WAL");
    run("PRAGMA synchronous=FULL");
    run("CREATE TABLE records (key TEXT NOT NULL UNIQUE, value BLOB NOT NULL)");
    sqlite3_stmt *insert;
    check(sqlite3_prepare_v2(database, "INSERT INTO records VALUES (?, ?)", -1, &insert, NULL), "prepare");
    FILE *dump = fopen(arguments[2], "r");
    if (!dump) { perror(arguments[2]); return 1; }
    fseek(dump, 0, SEEK_END);
    size_t size = (size_t)ftell(dump), offset = 0, stored = 0, batch = strtoul(arguments[3], NULL, 10);
    char *bytes = malloc(size);
    rewind(dump);
    if (fread(bytes, 1, size, dump) != size) { perror("read"); return 1; }
    double started = now();
    while (offset + 8 <= size) {
        run("BEGIN IMMEDIATE");
        for (size_t end = stored + batch; stored < end && offset + 8 <= size; stored++) {
            uint32_t key, value;
            memcpy(&key, bytes + offset, 4);
            memcpy(&value, bytes + offset + 4, 4);
            check(sqlite3_bind_text(insert, 1, bytes + offset + 8, (int)key, SQLITE_STATIC), "bind");
            check(sqlite3_bind_blob(insert, 2, bytes + offset + 8 + key, (int)value, SQLITE_STATIC), "bind");
            check(sqlite3_step(insert), "insert");
            check(sqlite3_reset(insert), "reset");
            offset += 8 + (size_t)key + value;
        }
        run("COMMIT");
    }
    printf("{\"putPerSecond\":%.0f}\n", (double)stored / (now() - started));
    sqlite3_finalize(insert);
    sqlite3_close(database);
    return 0;
}
