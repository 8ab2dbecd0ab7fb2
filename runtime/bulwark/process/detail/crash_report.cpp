#include <bulwark/gate/detail/crash_note.hpp>
#include <bulwark/process/detail/crash_report.hpp>

#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstdlib>

#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace bulwark::detail {

namespace {

struct told_signal {
  int number;
  const char* name;
};

constexpr std::array<told_signal, 5> told{{
  {SIGSEGV, "SIGSEGV"},
  {SIGBUS, "SIGBUS"},
  {SIGILL, "SIGILL"},
  {SIGFPE, "SIGFPE"},
  {SIGABRT, "SIGABRT"},
}};

// What a signal handler needs has to be there before. The line belongs to the
// thread in `crashing`, which is 0 while none crashes.
plain_line line;
std::atomic<pid_t> crashing{0};
std::atomic<const event_log*> log_to_wait_for{nullptr};
std::array<char, 64> program{};
std::array<struct sigaction, told.size()> before{};
std::array<bool, told.size()> ours{};
std::atomic<bool> active{false};

pid_t this_thread() noexcept {
  return static_cast<pid_t>(::syscall(SYS_gettid));
}

void sleep_ms(int ms) noexcept {
  timespec time{0, ms * 1'000'000L};
  ::nanosleep(&time, nullptr);
}

/// Events that were emitted a moment ago are not in the log yet.
void wait_for_log() noexcept {
  constexpr auto at_least = 10;
  for (auto waited = 0; waited < crash_report::log_milliseconds; ++waited) {
    const auto* log = log_to_wait_for.load();
    if (waited >= at_least && (log == nullptr || log->written()))
      return;
    sleep_ms(1);
  }
}

void write_line() noexcept {
  auto text = line.text();
  auto end = '\n';
  std::array<iovec, 2> both{iovec{const_cast<char*>(text.data()), text.size()},
                            iovec{&end, 1}};
  static_cast<void>(::writev(STDERR_FILENO, both.data(), both.size()) > 0);
}

void set_default(int number) noexcept {
  struct sigaction plain {};
  plain.sa_handler = SIG_DFL;
  ::sigaction(number, &plain, nullptr);
}

[[noreturn]] void die_of(int number) noexcept {
  set_default(number);
  sigset_t only;
  ::sigemptyset(&only);
  ::sigaddset(&only, number);
  ::pthread_sigmask(SIG_UNBLOCK, &only, nullptr);
  ::raise(number);
  ::_exit(128 + number);
}

const char* name_of(int number) noexcept {
  for (const auto& each : told)
    if (each.number == number)
      return each.name;
  return "a signal";
}

int first_signal = 0;

void tell(int number) noexcept {
  line.clear();
  line << program.data() << ": " << name_of(number);
  auto begun = line;
  line << " in a handler of ";
  if (add_running_service(line))
    add_current_message(line);
  else
    (line = begun) << " outside of any service's handler";
  write_line();
  wait_for_log();
}

/// Whether the instruction that it comes back to does it again.
bool comes_again(int number, const siginfo_t& info) noexcept {
  return number != SIGABRT && info.si_code > 0;
}

extern "C" void on_crash(int number, siginfo_t* info, void*) {
  pid_t nobody = 0;
  auto me = this_thread();
  if (crashing.compare_exchange_strong(nobody, me)) {
    first_signal = number;
    tell(number);
    if (!comes_again(number, *info))
      die_of(number);
    // The core file then shows where it happened, and why.
    set_default(number);
    return;
  }
  if (nobody == me) {
    // What was to be told is broken itself: tell what there is.
    write_line();
    die_of(first_signal);
  }
  // Another thread ends the process.
  for (;;)
    sleep_ms(crash_report::log_milliseconds);
}

extern "C" void on_exit_called(int code, void*) {
  if (!active)
    return;
  plain_line said;
  said << program.data() << ": std::exit(" << static_cast<uint64_t>(code)
       << ") was called in a handler of ";
  if (!add_running_service(said))
    return;
  add_current_message(said);
  line = said;
  write_line();
  wait_for_log();
}

/// A stack for signals, for as long as a thread lives.
class own_stack {
public:
  void provide() noexcept {
    stack_t now{};
    if (memory_ != nullptr || ::sigaltstack(nullptr, &now) != 0
        || (now.ss_flags & SS_DISABLE) == 0)
      return;
    auto* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (memory == MAP_FAILED)
      return;
    stack_t mine{};
    mine.ss_sp = memory;
    mine.ss_size = size;
    if (::sigaltstack(&mine, nullptr) == 0)
      memory_ = memory;
    else
      ::munmap(memory, size);
  }

  ~own_stack() {
    if (memory_ == nullptr)
      return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    ::sigaltstack(&none, nullptr);
    ::munmap(memory_, size);
  }

private:
  // Only what is used of it becomes memory.
  static constexpr size_t size = 64 * 1024;

  void* memory_ = nullptr;
};

thread_local own_stack stack_of_this_thread;

} // namespace

crash_report::crash_report(const std::string& name) {
  program.fill('\0');
  std::copy_n(name.begin(), std::min(name.size(), program.size() - 1),
              program.begin());
  static const auto registered = ::on_exit(on_exit_called, nullptr);
  static_cast<void>(registered);
  stack_of_this_thread.provide();
  struct sigaction mine {};
  mine.sa_sigaction = on_crash;
  // A second crash while the first is told comes through as well.
  mine.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
  for (size_t i = 0; i < told.size(); ++i) {
    ::sigaction(told[i].number, nullptr, &before[i]);
    ours[i] = before[i].sa_handler == SIG_DFL;
    if (ours[i])
      ::sigaction(told[i].number, &mine, nullptr);
  }
  active = true;
}

crash_report::~crash_report() {
  active = false;
  for (size_t i = 0; i < told.size(); ++i)
    if (ours[i])
      ::sigaction(told[i].number, &before[i], nullptr);
}

void crash_report::watch(const event_log* log) noexcept {
  log_to_wait_for = log;
}

void signal_stacks::thread_started() {
  stack_of_this_thread.provide();
}

} // namespace bulwark::detail
