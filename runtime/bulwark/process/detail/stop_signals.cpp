#include <bulwark/process/detail/stop_signals.hpp>

#include <array>
#include <cerrno>
#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

constexpr int interrupted_exit_code = 130;

extern "C" void end_at_once(int) {
  ::_exit(interrupted_exit_code);
}

int require(int descriptor, const char* what) {
  if (descriptor < 0)
    throw std::system_error{errno, std::generic_category(), what};
  return descriptor;
}

} // namespace

stop_signals::stop_signals() {
  ::sigemptyset(&signals_);
  ::sigaddset(&signals_, SIGINT);
  ::sigaddset(&signals_, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &signals_, &mask_before_);
  struct sigaction ignored {};
  ignored.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &ignored, &pipe_before_);
  ::sigaction(SIGHUP, &ignored, &hangup_before_);
  signal_descriptor_ =
    require(::signalfd(-1, &signals_, SFD_CLOEXEC), "signalfd");
  wake_descriptor_ = require(::eventfd(0, EFD_CLOEXEC), "eventfd");
}

stop_signals::~stop_signals() {
  ::close(wake_descriptor_);
  ::close(signal_descriptor_);
  ::sigaction(SIGHUP, &hangup_before_, nullptr);
  ::sigaction(SIGPIPE, &pipe_before_, nullptr);
  ::pthread_sigmask(SIG_SETMASK, &mask_before_, nullptr);
}

int stop_signals::wait() {
  std::array<pollfd, 2> both{pollfd{signal_descriptor_, POLLIN, 0},
                             pollfd{wake_descriptor_, POLLIN, 0}};
  while (::poll(both.data(), both.size(), -1) < 0 && errno == EINTR) {
  }
  signalfd_siginfo first{};
  if (both[0].revents != 0)
    static_cast<void>(::read(signal_descriptor_, &first, sizeof first) > 0);
  struct sigaction second {};
  second.sa_handler = end_at_once;
  for (auto number : {SIGINT, SIGTERM})
    ::sigaction(number, &second, nullptr);
  ::pthread_sigmask(SIG_UNBLOCK, &signals_, nullptr);
  return static_cast<int>(first.ssi_signo);
}

void stop_signals::wake() noexcept {
  uint64_t one = 1;
  static_cast<void>(::write(wake_descriptor_, &one, sizeof one) > 0);
}

} // namespace bulwark::detail
