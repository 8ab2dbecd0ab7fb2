#include <bulwark/threads/detail/mutex.hpp>

// What a lock guards is touched without it: clang refuses that.

namespace {

struct counter {
  void count() {
#ifdef BULWARK_LOCKED
    bulwark::detail::lock_guard guard{lock};
#endif
    ++n;
  }

  bulwark::detail::mutex lock;
  int n BULWARK_GUARDED_BY(lock) = 0;
};

} // namespace

int main() {
  counter all;
  all.count();
}
