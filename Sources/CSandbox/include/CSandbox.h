#ifndef REPORTD_CSANDBOX_H
#define REPORTD_CSANDBOX_H

#include <stdint.h>
#include <sys/types.h>

/// Takes the network away from this process and from everything that it starts, for good.
///
/// Installs a seccomp filter: socket and socketpair answer EAFNOSUPPORT for every family but
/// AF_UNIX, io_uring answers ENOSYS, and calls that reach into other processes answer EPERM.
/// Sets no_new_privs first. Works on x86_64 and aarch64.
/// @return 0, or the errno of the step that failed; ENOSYS where the machine is another.
int csandbox_forbid_network(void);

/// Asks that orphans of this process's children become its own children.
/// @return 0 or errno.
int csandbox_adopt_orphans(void);

/// Closes every descriptor from `first` on.
void csandbox_close_from(int first);

/// A child process and what it may use up.
struct csandbox_child {
    /// Absolute path of the program.
    const char *path;
    /// Arguments with the program's name, ended by NULL.
    char *const *arguments;
    /// Environment, ended by NULL.
    char *const *environment;
    /// Working directory.
    const char *directory;
    /// File that takes standard output; NULL: nowhere.
    const char *output;
    /// Private writable memory in bytes (RLIMIT_DATA); 0: what this process may have at most.
    uint64_t data_byte_count;
    /// Largest file in bytes (RLIMIT_FSIZE).
    uint64_t file_byte_count;
    /// Seconds of processor time (RLIMIT_CPU).
    uint64_t processor_seconds;
};

/// Starts a child in the process group of this process; it dies with the thread that started it.
///
/// The soft address-space limit of this process is lifted to the hard one for the child. Standard
/// input and error lead nowhere; no other descriptor is passed on.
/// @param child what to start.
/// @param identifier takes the process id.
/// @return 0, or the errno of the step that failed, starting the program included.
int csandbox_spawn(const struct csandbox_child *child, pid_t *identifier);

#endif
