/* What the rows of the store cost by themselves: puts what rows_trace.c noted into the same tables, in the same
 * transactions, each committed synchronously. No JSON, no hash and no signature is made.
 *
 *   rows DIRECTORY TRACE COUNT
 *
 * COUNT reports are in the trace; the time begins with the first value of 4 KiB. Prints one line of JSON.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "clock.h"
#include "lmdb_check.h"

int main(int count, char **arguments) {
    if (count != 4) { fprintf(stderr, "usage: rows DIRECTORY TRACE COUNT\n"); return 2; }
    struct stat status;
    int file = open(arguments[2], O_RDONLY);
    if (file < 0 || fstat(file, &status)) check(errno, arguments[2]);
    char *place = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (place == MAP_FAILED) check(errno, arguments[2]);
    const char *end = place + status.st_size;

    MDB_env *environment;
    MDB_txn *transaction = NULL;
    MDB_dbi tables[256];
    char *names[256] = { NULL };
    check(mdb_env_create(&environment), "create");
    check(mdb_env_set_mapsize(environment, (size_t)64 << 30), "map size");
    check(mdb_env_set_maxdbs(environment, 128), "tables");
    check(mdb_env_open(environment, arguments[1], MDB_NOTLS, 0600), "open");

    double started = 0;
    size_t rows = 0;
    while (place < end) {
        char op = *place;
        uint32_t numbers[4];
        memcpy(numbers, place + 1, sizeof numbers);
        place += 1 + sizeof numbers;
        MDB_val key = { numbers[2], place }, value = { numbers[3], place + numbers[2] };
        place += numbers[2] + numbers[3];
        if (numbers[0] > 255) { fprintf(stderr, "rows: a table's number is too large\n"); return 1; }
        if (op == 'P' && started == 0 && value.mv_size >= 4096) started = now();
        if (op == 'B' && !transaction) check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
        if (op == 'X' && transaction) {
            check(mdb_txn_commit(transaction), "commit");
            transaction = NULL;
        }
        if (op == 'O' && !names[numbers[0]]) {
            int is_alone = transaction == NULL;
            names[numbers[0]] = strndup(key.mv_data, key.mv_size);
            if (is_alone) check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
            check(mdb_dbi_open(transaction, names[numbers[0]], numbers[1] | MDB_CREATE, &tables[numbers[0]]), "table");
            if (is_alone) {
                check(mdb_txn_commit(transaction), "commit");
                transaction = NULL;
            }
        }
        if (!transaction || !names[numbers[0]] || (op != 'P' && op != 'D')) continue;
        int code = op == 'D' ? mdb_del(transaction, tables[numbers[0]], &key, NULL)
                             : mdb_put(transaction, tables[numbers[0]], &key, &value, numbers[1] & ~(uint32_t)MDB_RESERVE);
        if (code != MDB_NOTFOUND && code != MDB_KEYEXIST) check(code, names[numbers[0]]);
        rows += started != 0;
    }
    if (transaction) check(mdb_txn_commit(transaction), "commit");
    double reports = strtod(arguments[3], NULL);
    printf("{\"putPerSecond\":%.0f,\"rows\":%.1f}\n", reports / (now() - started), (double)rows / reports);
    mdb_env_close(environment);
    return 0;
}
