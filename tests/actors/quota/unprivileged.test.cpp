// For listeners.
#define CATCH_CONFIG_EXTERNAL_INTERFACES

#include <bulwark/quota/detail/thread_clock.hpp>

#include <catch2/catch.hpp>
#include <linux/capability.h>
#include <sched.h>

#include <array>
#include <stdexcept>

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace bulwark;

namespace {

/// Leaves this process, before it has another thread, one processor, so that
/// there is none for quotas.
void leave_one_processor() {
  cpu_set_t set;
  CPU_ZERO(&set);
  auto one = sched_getcpu();
  if (one >= 0)
    CPU_SET(static_cast<size_t>(one), &set);
  if (sched_setaffinity(0, sizeof set, &set) != 0)
    throw std::runtime_error{"cannot keep to one processor"};
}

/// Takes from it what it needs to put a thread back that was put last.
void drop_privilege() {
  rlimit none{0, 0};
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3> held{};
  auto failed = setrlimit(RLIMIT_NICE, &none) != 0
                || syscall(SYS_capget, &header, held.data()) != 0;
  auto& first = held.front();
  for (auto* each : {&first.effective, &first.permitted, &first.inheritable})
    *each &= ~(1U << CAP_SYS_NICE);
  if (failed || syscall(SYS_capset, &header, held.data()) != 0)
    throw std::runtime_error{"cannot drop CAP_SYS_NICE"};
}

struct unprivileged : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;

  void testRunStarting(const Catch::TestRunInfo&) override {
    leave_one_processor();
    drop_privilege();
  }
};

CATCH_REGISTER_LISTENER(unprivileged)

} // namespace

TEST_CASE("nobody may put a thread back here", "[quota]") {
  CHECK_FALSE(detail::can_put_back());
}
