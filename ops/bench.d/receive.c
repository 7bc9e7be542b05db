/* What catching up costs without a log: takes the pairs of a dump from a socket and puts them into one table of LMDB in
 * batches, one synchronous commit each. A child of its own sends them over loopback, as fast as they are taken.
 *
 *   receive DIRECTORY DUMP BATCH
 *
 * DUMP as for load.c. From the first byte received to the last commit. Prints one line of JSON.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "clock.h"
#include "lmdb_check.h"

enum { BUFFER = 1 << 20 };

static void die(const char *what) { fprintf(stderr, "receive: %s: %s\n", what, strerror(errno)); exit(1); }

static void send_dump(const char *path, struct sockaddr_in address) {
    struct stat status;
    int file = open(path, O_RDONLY), connection = socket(AF_INET, SOCK_STREAM, 0);
    if (file < 0 || fstat(file, &status)) die(path);
    if (connect(connection, (struct sockaddr *)&address, sizeof address)) die("connect");
    off_t offset = 0;
    while (offset < status.st_size)
        if (sendfile(connection, file, &offset, (size_t)(status.st_size - offset)) < 0 && errno != EINTR) die("send");
    _exit(0);
}

static MDB_env *environment;
static MDB_dbi table;
static MDB_txn *transaction;
static size_t batch, waiting, stored;

static void open_table(const char *directory) {
    check(mdb_env_create(&environment), "create");
    check(mdb_env_set_mapsize(environment, (size_t)64 << 30), "map size");
    check(mdb_env_set_maxdbs(environment, 4), "tables");
    check(mdb_env_open(environment, directory, MDB_NOTLS, 0600), "open");
    check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
    check(mdb_dbi_open(transaction, "values", MDB_CREATE, &table), "table");
    check(mdb_txn_commit(transaction), "commit");
    transaction = NULL;
}

static void commit(void) {
    if (transaction) check(mdb_txn_commit(transaction), "commit");
    transaction = NULL;
    waiting = 0;
}

/* Stores the whole pairs of a buffer; returns the bytes that it used. */
static size_t take(char *bytes, size_t count) {
    size_t used = 0;
    while (count - used >= 8) {
        uint32_t lengths[2];
        memcpy(lengths, bytes + used, 8);
        size_t length = 8 + (size_t)lengths[0] + lengths[1];
        if (length > BUFFER) { errno = EMSGSIZE; die("a pair"); }
        if (count - used < length) break;
        if (!transaction) check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
        MDB_val key = { lengths[0], bytes + used + 8 }, value = { lengths[1], bytes + used + 8 + lengths[0] };
        check(mdb_put(transaction, table, &key, &value, 0), "put");
        used += length;
        stored++;
        if (++waiting == batch) commit();
    }
    return used;
}

int main(int count, char **arguments) {
    if (count != 4) { fprintf(stderr, "usage: receive DIRECTORY DUMP BATCH\n"); return 2; }
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 1)
        || getsockname(listener, (struct sockaddr *)&address, &length)) die("listen");
    pid_t sender = fork();
    if (sender == 0) send_dump(arguments[2], address);
    open_table(arguments[1]);
    batch = strtoul(arguments[3], NULL, 10);
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) die("accept");

    char *buffer = malloc(2 * BUFFER);
    size_t filled = 0, total = 0;
    double started = 0;
    for (;;) {
        ssize_t got = recv(connection, buffer + filled, 2 * BUFFER - filled, 0);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) die("receive");
        if (got == 0) break;
        if (total == 0) started = now();
        total += (size_t)got;
        filled += (size_t)got;
        size_t used = take(buffer, filled);
        memmove(buffer, buffer + used, filled -= used);
    }
    commit();
    double seconds = now() - started;
    if (filled != 0) { errno = EPIPE; die("the end of the dump"); }
    waitpid(sender, NULL, 0);
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    double processor = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1e-6 * (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
    printf("{\"perSecond\":%.0f,\"stored\":%zu,\"bytes\":%zu,\"processorMicroseconds\":%.0f}\n", (double)stored / seconds, stored, total,
           1e6 * processor);
    mdb_env_close(environment);
    return 0;
}
