#pragma once

// What lock guards what, in words that clang checks (-Wthread-safety, an error
// in the clang preset). Other compilers read nothing.

#if defined(__clang__)
#  define BULWARK_THREAD_SAFETY(x) __attribute__((x))
#else
#  define BULWARK_THREAD_SAFETY(x)
#endif

/// A class whose objects are locks, and one that holds a lock for a scope.
#define BULWARK_CAPABILITY(name) BULWARK_THREAD_SAFETY(capability(name))
#define BULWARK_SCOPED_CAPABILITY BULWARK_THREAD_SAFETY(scoped_lockable)

/// A member that is touched with that lock only, and a pointer whose object is.
#define BULWARK_GUARDED_BY(lock) BULWARK_THREAD_SAFETY(guarded_by(lock))
#define BULWARK_PT_GUARDED_BY(lock) BULWARK_THREAD_SAFETY(pt_guarded_by(lock))

/// A function that is called with that lock; that takes it, or gives it back;
/// that is called without it.
#define BULWARK_REQUIRES(...)                                                  \
  BULWARK_THREAD_SAFETY(requires_capability(__VA_ARGS__))
#define BULWARK_ACQUIRE(...)                                                   \
  BULWARK_THREAD_SAFETY(acquire_capability(__VA_ARGS__))
#define BULWARK_RELEASE(...)                                                   \
  BULWARK_THREAD_SAFETY(release_capability(__VA_ARGS__))
#define BULWARK_EXCLUDES(...) BULWARK_THREAD_SAFETY(locks_excluded(__VA_ARGS__))

/// A function that says so: the lock is held, though clang cannot see it.
#define BULWARK_ASSERTS_HELD(...)                                              \
  BULWARK_THREAD_SAFETY(assert_capability(__VA_ARGS__))
