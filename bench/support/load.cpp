#include "support/load.hpp"

#include <caf/all.hpp>

#include <chrono>

namespace bench {

namespace {

class client : public caf::event_based_actor {
public:
  client(caf::actor_config& cfg, caf::actor to, caf::actor report, int64_t n,
         int64_t window)
    : caf::event_based_actor(cfg),
      to_(std::move(to)),
      done_(std::move(report)),
      left_(n),
      open_(n),
      window_(window) {}

  caf::behavior make_behavior() override {
    for (int64_t i = 0; i < window_; ++i)
      next();
    return {[](caf::unit_t) {}};
  }

private:
  void next() {
    if (left_ == 0)
      return;
    --left_;
    request(to_, caf::infinite, left_)
      .then([this](int64_t) { answered(); },
            [this](caf::error&) { answered(); });
  }

  void answered() {
    next();
    if (--open_ == 0) {
      send(done_, caf::ok_atom_v);
      quit();
    }
  }

  caf::actor to_;
  caf::actor done_;
  int64_t left_;
  int64_t open_;
  int64_t window_;
};

} // namespace

caf::behavior echo() {
  return {[](int64_t x) { return x; }};
}

double rate(caf::actor_system& sys, const caf::actor& to, const load& with) {
  caf::scoped_actor self{sys};
  auto start = std::chrono::steady_clock::now();
  for (int64_t i = 0; i < with.clients; ++i)
    self->spawn<client>(to, self, with.requests / with.clients, with.window);
  for (int64_t i = 0; i < with.clients; ++i)
    self->receive([](caf::ok_atom) {});
  std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return static_cast<double>(with.requests) / took.count();
}

} // namespace bench
