/* Tells the thread sanitizer of the mutexes of Swift's Synchronization module when threads meet at them.
 *
 * A lock that is free is taken by an atomic operation in our own code, which the sanitizer sees; one that is held is waited for
 * in the library of the Swift runtime, which is not built for the sanitizer, so that it takes what the lock guards for a race.
 * Put before the libraries by LD_PRELOAD. Source: stdlib/public/Synchronization/Mutex/LinuxImpl.swift of Swift 6.3. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define TRY "$s15Synchronization12_MutexHandleV12_tryLockSlowSbyF"

typedef __attribute__((swiftcall)) void (*Lock)(uint32_t, __attribute__((swift_context)) void *);
typedef __attribute__((swiftcall)) void (*Unlock)(__attribute__((swift_context)) void *);
typedef __attribute__((swiftcall)) _Bool (*Try)(__attribute__((swift_context)) void *);

__attribute__((swiftcall)) void lock(uint32_t thread, __attribute__((swift_context)) void *handle) __asm__(LOCK);
__attribute__((swiftcall)) void lock(uint32_t thread, __attribute__((swift_context)) void *handle) {
    static Lock real;
    if (real == 0) real = (Lock)dlsym(RTLD_NEXT, LOCK);
    real(thread, handle);
    __tsan_acquire(handle);
}

__attribute__((swiftcall)) void unlock(__attribute__((swift_context)) void *handle) __asm__(UNLOCK);
__attribute__((swiftcall)) void unlock(__attribute__((swift_context)) void *handle) {
    static Unlock real;
    if (real == 0) real = (Unlock)dlsym(RTLD_NEXT, UNLOCK);
    __tsan_release(handle);
    real(handle);
}

__attribute__((swiftcall)) _Bool try_lock(__attribute__((swift_context)) void *handle) __asm__(TRY);
__attribute__((swiftcall)) _Bool try_lock(__attribute__((swift_context)) void *handle) {
    static Try real;
    if (real == 0) real = (Try)dlsym(RTLD_NEXT, TRY);
    _Bool taken = real(handle);
    if (taken) __tsan_acquire(handle);
    return taken;
}
