#ifndef CREPORTD_H
#define CREPORTD_H

/// The commit that the programs were built from, as the manifest was told; empty when it was told none.
const char *reportd_build_commit(void);

/// Whether a time server sets this machine's clock: 1, 0, or -1 when the kernel does not say.
///
/// Source: adjtimex(2).
int reportd_clock_is_set(void);

/// Bounds what malloc keeps of memory that was given back to it; to be called before there are threads.
///
/// - Parameters:
///   - arenas: most arenas, of which each keeps free room of its own.
///   - mapped: bytes from which on a piece is mapped by itself, and given to the system when it is freed.
///   - kept: bytes that stay free at the end of an arena.
/// - Returns: 1 when all was taken, 0 when something was not.
///
/// Source: mallopt(3).
int reportd_bound_malloc(int arenas, int mapped, int kept);

#endif
