#ifndef CREPORTD_H
#define CREPORTD_H

/// The commit that the programs were built from, as the manifest was told; empty when it was told none.
const char *reportd_build_commit(void);

/// Whether a time server sets this machine's clock: 1, 0, or -1 when the kernel does not say.
///
/// Source: adjtimex(2).
int reportd_clock_is_set(void);

#endif
