#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int csandbox_adopt_orphans(void) {
    return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
}

void csandbox_close_from(int first) {
    /* 436: close_range, Linux 5.9. */
    if (syscall(436, (unsigned)first, ~0U, 0U) == 0) return;
    struct rlimit limit;
    long last = 1024;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < 65536) last = (long)limit.rlim_cur;
    for (long descriptor = first; descriptor < last; descriptor++) close((int)descriptor);
}

/* Lowers one limit, soft and hard; never raises the hard one. */
static int lower(int resource, uint64_t value) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    if (limit.rlim_max == RLIM_INFINITY || value < limit.rlim_max) limit.rlim_max = value;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

/* Lifts a soft limit to its hard one. */
static int lift(int resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return -1;
    limit.rlim_cur = limit.rlim_max;
    return setrlimit(resource, &limit);
}

/* Puts a file where a standard descriptor is. */
static int put(const char *path, int flags, int descriptor) {
    int opened = open(path, flags | O_NOFOLLOW, 0600);
    if (opened < 0) return -1;
    if (opened == descriptor) return 0;
    int result = dup2(opened, descriptor);
    close(opened);
    return result < 0 ? -1 : 0;
}

/* The child between fork and exec: async-signal-safe calls only. */
static void become(const struct csandbox_child *child, pid_t parent, int report) {
    sigset_t none;
    sigemptyset(&none);
    for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    const char *output = child->output ? child->output : "/dev/null";
    int output_flags = child->output ? O_WRONLY | O_CREAT | O_TRUNC : O_WRONLY;
    /* The report must not stand where a standard descriptor goes. */
    int kept = fcntl(report, F_DUPFD_CLOEXEC, 3);
    if (kept >= 0 && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 && getppid() == parent
        && put("/dev/null", O_RDONLY, STDIN_FILENO) == 0
        && put(output, output_flags, STDOUT_FILENO) == 0
        && put("/dev/null", O_WRONLY, STDERR_FILENO) == 0 && chdir(child->directory) == 0
        && lift(RLIMIT_AS) == 0 && lift(RLIMIT_DATA) == 0
        && (child->data_byte_count == 0 || lower(RLIMIT_DATA, child->data_byte_count) == 0)
        && lower(RLIMIT_FSIZE, child->file_byte_count) == 0
        && lower(RLIMIT_CPU, child->processor_seconds) == 0
        && (kept == 3 || (kept = dup3(kept, 3, O_CLOEXEC)) == 3)) {
        /* Descriptors of a careless parent; the report is below them, and closes at exec. */
        csandbox_close_from(4);
        execve(child->path, child->arguments, child->environment);
    }
    int code = errno ? errno : ECHILD;
    ssize_t count = write(kept >= 0 ? kept : report, &code, sizeof code);
    (void)count;
    _exit(127);
}

int csandbox_spawn(const struct csandbox_child *child, pid_t *identifier) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return errno;
    pid_t parent = getpid();
    pid_t process = fork();
    if (process < 0) {
        int code = errno;
        close(report[0]);
        close(report[1]);
        return code;
    }
    if (process == 0) become(child, parent, report[1]);
    close(report[1]);
    int code = 0;
    ssize_t count;
    do {
        count = read(report[0], &code, sizeof code);
    } while (count < 0 && errno == EINTR);
    close(report[0]);
    if (count == 0) {
        *identifier = process;
        return 0;
    }
    while (waitpid(process, NULL, 0) < 0 && errno == EINTR) {}
    return code ? code : EIO;
}
