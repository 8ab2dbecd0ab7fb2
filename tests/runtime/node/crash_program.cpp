// A node whose service ends the process, in the way that `--by` names, as soon
// as it is sent an order.

#include <bulwark/bulwark.hpp>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/blocking_actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include <cstdlib>
#include <string>

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

namespace shop {

struct order {
  std::string by;
};

} // namespace shop

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(shop::order)

namespace {

int overflow(const volatile int& depth) {
  volatile int much[1024] = {depth};
  return depth < 0 ? much[0] : overflow(much[0]) + much[1];
}

[[gnu::noinline]] void throw_number() {
  throw 1;
}

void throw_on() noexcept {
  throw_number();
}

void end_process(const std::string& by) {
  if (by == "segv") {
    int* volatile nowhere = nullptr;
    *nowhere = 1;
  }
  if (by == "overflow") {
    volatile int depth = 1;
    ::_exit(overflow(depth));
  }
  if (by == "abort")
    std::abort();
  if (by == "terminate")
    throw_on();
  if (by == "exit")
    std::exit(3);
  if (by == "kill")
    ::kill(::getpid(), SIGSEGV);
}

caf::behavior end_at_order(caf::event_based_actor*) {
  return {
    [](const shop::order& what) { end_process(what.by); },
    [](const std::string& by) { end_process(by); },
  };
}

void end_in_thread(caf::blocking_actor* self) {
  self->receive([](const shop::order& what) { end_process(what.by); });
}

/// Has the log hold something when the process ends.
caf::behavior reporter(caf::event_based_actor*,
                       const bulwark::emitter& events) {
  return {[=](const shop::order& what) {
    bulwark::event last;
    last.kind = bulwark::event_kind::failure_reported;
    last.component = "disk";
    last.reason = "the last words";
    events.emit(last);
    end_process(what.by);
  }};
}

void declare(bulwark::node& node) {
  auto by = node.option<std::string>("by");
  auto what = node.option<std::string>("service");
  if (what == "none") {
    node.on_start([by] { end_process(by); });
    return;
  }
  if (what == "blocking")
    node.service("orders", end_in_thread).blocking();
  else if (what == "reporter")
    node.service("orders", reporter, node.events());
  else
    node.service("orders", end_at_order);
  auto door = node.gate("orders");
  node.on_start([=] {
    if (what == "text")
      caf::anon_send(door, by);
    else
      caf::anon_send(door, shop::order{by});
  });
}

} // namespace

int main(int argc, char** argv) {
  // No core files of tests.
  rlimit none{0, 0};
  ::setrlimit(RLIMIT_CORE, &none);
  bulwark::application app{.name = "doomed", .version = "1", .options = {}};
  app.options.required<std::string>("by", "how")
    .value<std::string>("service", "plain", "whose");
  return bulwark::run(argc, argv, std::move(app), declare);
}
