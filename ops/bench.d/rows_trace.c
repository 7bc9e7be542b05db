/* Notes every row that a program writes through liblmdb, for rows.c: loaded before it with LD_PRELOAD.
 *
 *   ROWS_TRACE=FILE LD_PRELOAD=bench-rows.so PROGRAM
 *
 * FILE: records of op 1, table 4, flags 4, length of key 4, length of value 4 (this machine's order), key, value; op is
 * O (a table's name, its flags), B (a write transaction begins), P (put), D (delete), X (commit).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <lmdb.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REAL(name) \
    static __typeof__(name) *real; \
    if (!real) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static FILE *file;
static MDB_txn *writer;

static void note(char op, uint32_t table, uint32_t flags, const MDB_val *key, const MDB_val *value) {
    uint32_t numbers[4] = { table, flags, key ? (uint32_t)key->mv_size : 0, value ? (uint32_t)value->mv_size : 0 };
    pthread_mutex_lock(&lock);
    if (!file && !(file = fopen(getenv("ROWS_TRACE"), "w"))) abort();
    fputc(op, file);
    fwrite(numbers, sizeof numbers, 1, file);
    if (key) fwrite(key->mv_data, 1, key->mv_size, file);
    if (value && flags & MDB_RESERVE) {
        for (size_t index = 0; index < value->mv_size; index++) fputc(0, file); /* filled in later by the caller */
    } else if (value) {
        fwrite(value->mv_data, 1, value->mv_size, file);
    }
    if (op == 'X') fflush(file);
    pthread_mutex_unlock(&lock);
}

int mdb_dbi_open(MDB_txn *transaction, const char *name, unsigned int flags, MDB_dbi *table) {
    REAL(mdb_dbi_open);
    int code = real(transaction, name, flags, table);
    unsigned int kind = 0;
    if (code == 0 && name && mdb_dbi_flags(transaction, *table, &kind) == 0) {
        MDB_val key = { strlen(name), (void *)name };
        note('O', *table, kind, &key, NULL);
    }
    return code;
}

int mdb_txn_begin(MDB_env *environment, MDB_txn *parent, unsigned int flags, MDB_txn **transaction) {
    REAL(mdb_txn_begin);
    int code = real(environment, parent, flags, transaction);
    if (code == 0 && !(flags & MDB_RDONLY)) {
        writer = *transaction;
        note('B', 0, 0, NULL, NULL);
    }
    return code;
}

int mdb_txn_commit(MDB_txn *transaction) {
    REAL(mdb_txn_commit);
    if (transaction == writer) {
        writer = NULL;
        note('X', 0, 0, NULL, NULL);
    }
    return real(transaction);
}

int mdb_put(MDB_txn *transaction, MDB_dbi table, MDB_val *key, MDB_val *value, unsigned int flags) {
    REAL(mdb_put);
    note('P', table, flags, key, value);
    return real(transaction, table, key, value, flags);
}

int mdb_cursor_put(MDB_cursor *cursor, MDB_val *key, MDB_val *value, unsigned int flags) {
    REAL(mdb_cursor_put);
    note('P', mdb_cursor_dbi(cursor), flags & ~(unsigned int)MDB_CURRENT, key, value);
    return real(cursor, key, value, flags);
}

int mdb_del(MDB_txn *transaction, MDB_dbi table, MDB_val *key, MDB_val *value) {
    REAL(mdb_del);
    note('D', table, 0, key, value);
    return real(transaction, table, key, value);
}

int mdb_cursor_del(MDB_cursor *cursor, unsigned int flags) {
    REAL(mdb_cursor_del);
    MDB_val key, value;
    if (mdb_cursor_get(cursor, &key, &value, MDB_GET_CURRENT) == 0) note('D', mdb_cursor_dbi(cursor), 0, &key, NULL);
    return real(cursor, flags);
}
