#define _GNU_SOURCE
#include "CPageFault.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAXIMUM_WATCH_COUNT 64

/// One map: its bounds are written before and cleared after `is_taken`, so that a handler sees both
/// or none.
struct watched {
    atomic_uintptr_t start;
    atomic_uintptr_t end;
    atomic_int is_taken;
    atomic_uint_fast64_t fault_count;
};

static struct watched watched[MAXIMUM_WATCH_COUNT];
static atomic_int note_descriptor = -1;
static atomic_int replaces_pages;
static _Thread_local int write_depth;

/// Whether a line of /proc/self/maps names a data file of liblmdb.
static int is_data_file(const char *line) {
    // Device numbers are not compared: stat(2) and the kernel's list differ on some file systems.
    return strstr(line, "/data.mdb\n") != NULL || strstr(line, "/data.mdb (deleted)\n") != NULL;
}

int cpagefault_watch(uint64_t inode) {
    if (!atomic_load(&replaces_pages)) return -1;
    FILE *maps = fopen("/proc/self/maps", "re");
    if (maps == NULL) return -1;
    char line[4352];
    uintptr_t start = 0, end = 0;
    while (fgets(line, sizeof line, maps) != NULL) {
        uintptr_t first, last;
        uint64_t number;
        if (sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %*s %*s %*s %" SCNu64, &first, &last, &number) != 3)
            continue;
        if (number != inode || !is_data_file(line)) continue;
        if (last - first > end - start) start = first, end = last;
    }
    fclose(maps);
    if (start == end) return -1;
    for (int index = 0; index < MAXIMUM_WATCH_COUNT; index++) {
        int expected = 0;
        if (!atomic_compare_exchange_strong(&watched[index].is_taken, &expected, 1)) continue;
        atomic_store(&watched[index].fault_count, 0);
        atomic_store(&watched[index].start, start);
        atomic_store(&watched[index].end, end);
        return index;
    }
    return -1;
}

void cpagefault_forget(int watch) {
    if (watch < 0 || watch >= MAXIMUM_WATCH_COUNT) return;
    atomic_store(&watched[watch].end, 0);
    atomic_store(&watched[watch].start, 0);
    atomic_store(&watched[watch].is_taken, 0);
}

void cpagefault_enter_write(void) { write_depth++; }

void cpagefault_leave_write(void) { write_depth--; }

uint64_t cpagefault_count(int watch) {
    if (watch < 0 || watch >= MAXIMUM_WATCH_COUNT) return 0;
    return atomic_load(&watched[watch].fault_count);
}

/// Puts a page of zeros over the one that cannot be read.
static int replace(uintptr_t address) {
    for (int index = 0; index < MAXIMUM_WATCH_COUNT; index++) {
        uintptr_t start = atomic_load(&watched[index].start);
        uintptr_t end = atomic_load(&watched[index].end);
        if (address < start || address >= end) continue;
        // Counted first: whoever can read the zeros can see the count.
        atomic_fetch_add(&watched[index].fault_count, 1);
        uintptr_t size = (uintptr_t)sysconf(_SC_PAGESIZE);
        void *page = (void *)(address & ~(size - 1));
        void *zeros = mmap(page, size, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
        return zeros == page;
    }
    return 0;
}

/// Writes "signal N" and lets the signal do what it does by itself.
static void end_by(int number) {
    int descriptor = atomic_load(&note_descriptor);
    if (descriptor >= 0) {
        char text[] = "signal 00\n";
        text[7] = (char)('0' + number / 10 % 10);
        text[8] = (char)('0' + number % 10);
        if (write(descriptor, text, sizeof text - 1) > 0) fdatasync(descriptor);
    }
    signal(number, SIG_DFL);
    // What failed is done again and ends the process; a signal that was sent is sent again.
    raise(number);
}

static void on_signal(int number, siginfo_t *information, void *context) {
    (void)context;
    int saved = errno;
    // A positive code means that the kernel sent it for the address, and nobody else.
    if (number == SIGBUS && write_depth == 0 && information->si_code > 0 &&
        atomic_load(&replaces_pages) && replace((uintptr_t)information->si_addr)) {
        errno = saved;
        return;
    }
    end_by(number);
    errno = saved;
}

static int handle(int number) {
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_NODEFER | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? 0 : errno;
}

int cpagefault_install(void) {
    atomic_store(&replaces_pages, 1);
    return handle(SIGBUS);
}

int cpagefault_note_ends(int descriptor) {
    atomic_store(&note_descriptor, descriptor);
    if (descriptor < 0) return 0;
    static const int numbers[] = {SIGBUS, SIGSEGV, SIGILL, SIGABRT, SIGTRAP, SIGFPE};
    for (size_t index = 0; index < sizeof numbers / sizeof numbers[0]; index++) {
        int status = handle(numbers[index]);
        if (status != 0) return status;
    }
    return 0;
}
