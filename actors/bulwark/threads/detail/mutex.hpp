#pragma once

#include <bulwark/threads/detail/thread_safety.hpp>

#include <mutex>

namespace bulwark::detail {

/// `std::mutex`, known to clang as a lock.
///
/// Safe to call from any thread.
class BULWARK_CAPABILITY("mutex") mutex {
public:
  mutex() = default;
  mutex(const mutex&) = delete;
  mutex& operator=(const mutex&) = delete;

  void lock() BULWARK_ACQUIRE() { it_.lock(); }
  void unlock() BULWARK_RELEASE() { it_.unlock(); }

  /// Tells clang, in a function that is handed to one which is called with the
  /// lock.
  void assert_held() const BULWARK_ASSERTS_HELD() {}

private:
  std::mutex it_;
};

/// Holds a lock for a scope.
///
/// Confined to one thread.
class BULWARK_SCOPED_CAPABILITY lock_guard {
public:
  explicit lock_guard(mutex& held) BULWARK_ACQUIRE(held) : held_(held) {
    held_.lock();
  }

  ~lock_guard() BULWARK_RELEASE() { held_.unlock(); }

  lock_guard(const lock_guard&) = delete;
  lock_guard& operator=(const lock_guard&) = delete;

private:
  mutex& held_;
};

} // namespace bulwark::detail
