#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define NATIVE_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define NATIVE_ARCH AUDIT_ARCH_AARCH64
#endif

#ifdef NATIVE_ARCH

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_EQUAL(value, yes, no) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), (yes), (no))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define FAIL(code) ANSWER(SECCOMP_RET_ERRNO | (code))
#define DENY(call, code) IF_EQUAL((call), 0, 1), FAIL(code)

static struct sock_filter program[] = {
    /* Calls of another architecture have other numbers: none of them. */
    LOAD(arch),
    IF_EQUAL(NATIVE_ARCH, 1, 0),
    FAIL(EPERM),
    LOAD(nr),
#if defined(__x86_64__)
    /* The x32 numbers of the same calls. */
    BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1),
    FAIL(ENOSYS),
#endif
    /* Sockets: AF_UNIX only. The low word of the first argument is the family, an int. */
    IF_EQUAL(__NR_socket, 1, 0),
    IF_EQUAL(__NR_socketpair, 0, 4),
    LOAD(args[0]),
    IF_EQUAL(AF_UNIX, 0, 1),
    ANSWER(SECCOMP_RET_ALLOW),
    FAIL(EAFNOSUPPORT),
    /* io_uring opens sockets without the call above. */
    DENY(425 /* io_uring_setup */, ENOSYS),
    DENY(426 /* io_uring_enter */, ENOSYS),
    DENY(427 /* io_uring_register */, ENOSYS),
    /* Other processes of the same user have sockets. */
    DENY(__NR_ptrace, EPERM),
    DENY(__NR_process_vm_readv, EPERM),
    DENY(__NR_process_vm_writev, EPERM),
    DENY(438 /* pidfd_getfd */, EPERM),
    /* What no reader of documents needs, should the node run as root. */
    DENY(__NR_bpf, EPERM),
    DENY(__NR_perf_event_open, EPERM),
    DENY(__NR_unshare, EPERM),
    DENY(__NR_setns, EPERM),
    DENY(__NR_mount, EPERM),
    DENY(__NR_umount2, EPERM),
    DENY(__NR_pivot_root, EPERM),
    DENY(__NR_init_module, EPERM),
    DENY(__NR_finit_module, EPERM),
    DENY(__NR_kexec_load, EPERM),
    DENY(__NR_reboot, EPERM),
    ANSWER(SECCOMP_RET_ALLOW),
};

int csandbox_forbid_network(void) {
    struct sock_fprog filter = {
        .len = (unsigned short)(sizeof(program) / sizeof(program[0])),
        .filter = program,
    };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    /* All threads at once; kernels before 3.17 know only this thread. */
    if (syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter) == 0)
        return 0;
    if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0) return 0;
    return errno;
}

#else

int csandbox_forbid_network(void) { return ENOSYS; }

#endif
