#include <xxhash.h>
#if defined(__x86_64__)
#include <xxh_x86dispatch.h>
#endif

/* XXH3_64bits with the widest vectors that this processor has; the value is the same everywhere. */
static inline XXH64_hash_t xxhash_xxh3_64bits(const void *input, size_t length) {
    return XXH3_64bits(input, length);
}
