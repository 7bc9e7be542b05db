#ifndef REPORTD_CPAGEFAULT_H
#define REPORTD_CPAGEFAULT_H

#include <stddef.h>
#include <stdint.h>

/// Takes over SIGBUS: a page of a watched map that its file cannot give reads as zeros from then on.
///
/// A fault anywhere else, and one of a thread between `cpagefault_enter_write` and
/// `cpagefault_leave_write`, ends the process as before: zeros must never be written back.
/// The same technique as in src/basic/sigbus.c of systemd.
/// @return 0 or errno.
int cpagefault_install(void);

/// Lets SIGBUS, SIGSEGV, SIGILL, SIGABRT, SIGTRAP and SIGFPE append the line "signal N" to a file
/// before they end the process.
/// @param descriptor open for appending, for as long as the process lives; -1: nothing is written
///   any more.
/// @return 0 or errno.
int cpagefault_note_ends(int descriptor);

/// Watches the map of a data file of liblmdb.
/// @return number of the watch, for `cpagefault_forget`; -1 when there is no map of it, no place, or
///   nothing was installed.
int cpagefault_watch(uint64_t inode);

/// Ends a watch before its map goes.
void cpagefault_forget(int watch);

/// The calling thread begins to write to a watched file.
void cpagefault_enter_write(void);

/// The calling thread writes no more.
void cpagefault_leave_write(void);

/// Pages of a watched map that read as zeros by now.
uint64_t cpagefault_count(int watch);

#endif
