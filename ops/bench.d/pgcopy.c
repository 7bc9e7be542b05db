/* What taking in costs with PostgreSQL alone: the pairs of a dump by COPY in its binary format, so many in a transaction.
 *
 *   pgcopy URL DUMP BATCH
 *
 * DUMP as for load.c; the table is reports (id int4, key text, record text). Prints one line of JSON.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clock.h"

static PGconn *connection;

static void fail(const char *what) {
    fprintf(stderr, "pgcopy: %s: %s\n", what, PQerrorMessage(connection));
    exit(1);
}

static void run(const char *sql, ExecStatusType expected) {
    PGresult *result = PQexec(connection, sql);
    if (PQresultStatus(result) != expected) fail(sql);
    PQclear(result);
}

static void put(const void *bytes, size_t count) {
    if (PQputCopyData(connection, bytes, (int)count) != 1) fail("COPY");
}

static void field(const void *bytes, uint32_t count) {
    uint32_t length = htonl(count);
    put(&length, 4);
    put(bytes, count);
}

int main(int count, char **words) {
    if (count != 4) return 2;
    struct stat status;
    int file = open(words[2], O_RDONLY);
    if (file < 0 || fstat(file, &status)) { perror(words[2]); return 1; }
    const char *dump = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    const char *end = dump + status.st_size;
    size_t batch = strtoul(words[3], NULL, 10), rows = 0;
    connection = PQconnectdb(words[1]);
    if (PQstatus(connection) != CONNECTION_OK) fail("connect");
    double started = now();
    while (dump < end) {
        run("BEGIN", PGRES_COMMAND_OK);
        run("COPY reports FROM STDIN (FORMAT binary)", PGRES_COPY_IN);
        put("PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        for (size_t number = 0; number < batch && dump < end; number++) {
            uint32_t lengths[2], id = htonl((uint32_t)++rows);
            memcpy(lengths, dump, 8);
            put("\0\3", 2);
            field(&id, 4);
            field(dump + 8, lengths[0]);
            field(dump + 8 + lengths[0], lengths[1]);
            dump += 8 + lengths[0] + lengths[1];
        }
        put("\377\377", 2);
        if (PQputCopyEnd(connection, NULL) != 1) fail("COPY");
        PGresult *result;
        while ((result = PQgetResult(connection))) {
            if (PQresultStatus(result) != PGRES_COMMAND_OK) fail("COPY");
            PQclear(result);
        }
        run("COMMIT", PGRES_COMMAND_OK);
    }
    double seconds = now() - started;
    printf("{\"rows\":%zu,\"perSecond\":%.1f}\n", rows, (double)rows / seconds);
    PQfinish(connection);
    return 0;
}
