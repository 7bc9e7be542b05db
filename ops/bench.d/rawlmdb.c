/* What LMDB alone does: puts the pairs of a dump into one table in batches, one synchronous commit each, then
 * gets them in random order with a checksum over every value, one snapshot each.
 *
 *   rawlmdb DIRECTORY DUMP BATCH ROUNDS [GETS]
 *
 * DUMP as for load.c. Prints one line of JSON.
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
#include <unistd.h>
#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h> /* the same widest vectors as the store uses */
#endif

#include "clock.h"
#include "lmdb_check.h"

struct pair { const char *key, *value; uint32_t key_length, value_length; };

static struct pair *pairs;
static size_t pair_count;

static void read_dump(const char *path) {
    struct stat status;
    int file = open(path, O_RDONLY);
    if (file < 0 || fstat(file, &status)) check(errno, path);
    char *map = mmap(NULL, (size_t)status.st_size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, file, 0);
    if (map == MAP_FAILED) check(errno, path);
    size_t capacity = 1024, offset = 0;
    pairs = malloc(capacity * sizeof *pairs);
    while (offset + 8 <= (size_t)status.st_size) {
        struct pair pair;
        memcpy(&pair.key_length, map + offset, 4);
        memcpy(&pair.value_length, map + offset + 4, 4);
        pair.key = map + offset + 8;
        pair.value = pair.key + pair.key_length;
        offset += 8 + (size_t)pair.key_length + pair.value_length;
        if (pair_count == capacity) pairs = realloc(pairs, (capacity *= 2) * sizeof *pairs);
        pairs[pair_count++] = pair;
    }
}

static double put_all(MDB_env *environment, MDB_dbi table, size_t batch) {
    double started = now();
    for (size_t index = 0; index < pair_count;) {
        MDB_txn *transaction;
        check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
        for (size_t end = index + batch; index < end && index < pair_count; index++) {
            MDB_val key = { pairs[index].key_length, (void *)pairs[index].key };
            MDB_val value = { pairs[index].value_length, (void *)pairs[index].value };
            check(mdb_put(transaction, table, &key, &value, 0), "put");
        }
        check(mdb_txn_commit(transaction), "commit");
    }
    return (double)pair_count / (now() - started);
}

static double get_all(MDB_env *environment, MDB_dbi table, const uint32_t *order, size_t count, uint64_t *sum) {
    MDB_txn *transaction;
    check(mdb_txn_begin(environment, NULL, MDB_RDONLY, &transaction), "begin");
    mdb_txn_reset(transaction);
    double started = now();
    for (size_t index = 0; index < count; index++) {
        const struct pair *pair = &pairs[order[index]];
        MDB_val key = { pair->key_length, (void *)pair->key }, value;
        check(mdb_txn_renew(transaction), "renew");
        check(mdb_get(transaction, table, &key, &value), "get");
        *sum += XXH3_64bits(value.mv_data, value.mv_size);
        mdb_txn_reset(transaction);
    }
    double rate = (double)count / (now() - started);
    mdb_txn_abort(transaction);
    return rate;
}

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int count, char **arguments) {
    if (count != 5 && count != 6) { fprintf(stderr, "usage: rawlmdb DIRECTORY DUMP BATCH ROUNDS [GETS]\n"); return 2; }
    MDB_env *environment;
    MDB_txn *transaction;
    MDB_dbi table;
    read_dump(arguments[2]);
    check(mdb_env_create(&environment), "create");
    check(mdb_env_set_mapsize(environment, (size_t)64 << 30), "map size");
    check(mdb_env_set_maxdbs(environment, 4), "tables");
    check(mdb_env_open(environment, arguments[1], MDB_NOTLS, 0600), "open");
    check(mdb_txn_begin(environment, NULL, 0, &transaction), "begin");
    check(mdb_dbi_open(transaction, "values", MDB_CREATE, &table), "table");
    check(mdb_txn_commit(transaction), "commit");
    double put = put_all(environment, table, strtoul(arguments[3], NULL, 10));

    uint32_t *order = malloc(pair_count * sizeof *order);
    uint64_t random = 88172645463325252ull, sum = 0;
    for (uint32_t index = 0; index < pair_count; index++) order[index] = index;
    for (size_t index = pair_count - 1; index > 0; index--) {
        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        size_t other = random % (index + 1);
        uint32_t held = order[index];
        order[index] = order[other];
        order[other] = held;
    }
    double rates[64];
    int rounds = atoi(arguments[4]);
    if (rounds < 1 || rounds > 64) rounds = 5;
    size_t gets = count == 6 ? strtoul(arguments[5], NULL, 10) : pair_count;
    if (gets < 1 || gets > pair_count) gets = pair_count;
    for (int round = 0; round < rounds; round++) rates[round] = get_all(environment, table, order, gets, &sum);
    qsort(rates, (size_t)rounds, sizeof *rates, ascending);
    printf("{\"putPerSecond\":%.0f,\"getPerSecond\":%.0f,\"bestGetPerSecond\":%.0f,\"sum\":\"%llx\"}\n", put,
           rates[rounds / 2], rates[rounds - 1], (unsigned long long)sum);
    mdb_env_close(environment);
    return 0;
}
