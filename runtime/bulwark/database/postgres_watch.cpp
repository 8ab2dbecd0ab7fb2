#include <bulwark/caf/caf_error.hpp>
#include <bulwark/database/postgres_orders.hpp>
#include <bulwark/database/postgres_watch.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <memory>
#include <stdexcept>

namespace bulwark {

using namespace option_checks;
using detail::postgres_order;
using detail::postgres_report;
using detail::server_order;
using detail::server_view;

namespace {

/// A base backup may take its time.
constexpr auto order_max = std::chrono::minutes{10};

/// What others must not do meanwhile.
bool is_alone(server_order::kind what) {
  return what != server_order::kind::follow
         && what != server_order::kind::rejoin;
}

class server_watch {
public:
  server_watch(caf::event_based_actor* self, postgres_watch_options options)
    : self_(self),
      options_(std::move(options)),
      views_(options_.servers.size()),
      ports_(views_.size()),
      busy_(views_.size()),
      late_(views_.size()) {}

  void tick() {
    token_ = options_.token ? options_.token() : 1;
    if (!token_ || waits_ > 0 || alone_ > 0)
      return;
    for (size_t i = 0; i < views_.size(); ++i) {
      views_[i] = {};
      if (!busy_[i])
        look(i);
    }
    if (waits_ == 0)
      decide();
  }

private:
  void say(const std::string& what) const {
    if (options_.notice && !what.empty())
      options_.notice(what);
  }

  void look(size_t which) {
    ++waits_;
    auto ended = [this] {
      if (--waits_ == 0)
        decide();
    };
    // One that was late holds the others up no second time.
    constexpr int hurry = 5;
    auto limit = late_[which] ? options_.look_max / hurry : options_.look_max;
    self_->request(options_.owners[which], limit, postgres_order{})
      .then(
        [=, this](const postgres_report& report) {
          late_[which] = false;
          take(which, report);
          ended();
        },
        [=, this](const caf::error&) {
          late_[which] = true;
          ended();
        });
  }

  void take(size_t which, const postgres_report& report) {
    views_[which] = report.view;
    ports_[which] = report.port;
    say(report.note);
    if (!report.fault.empty())
      say(options_.servers[which] + ": " + report.fault);
  }

  void decide() {
    // With all but one of the others a write can have been acknowledged.
    auto plan = plan_servers(options_.servers, views_, views_.size() - 1);
    if (plan.missing != missing_)
      say(plan.missing.empty() ? "" : "nobody leads: " + plan.missing);
    missing_ = plan.missing;
    for (const auto& each : plan.orders)
      if (alone_ == 0 || is_alone(each.what))
        give(each);
  }

  void give(const server_order& what) {
    const auto& source = options_.servers[what.source];
    if (what.what != server_order::kind::open)
      say(options_.servers[what.which] + " is told to " + to_string(what.what)
          + (is_alone(what.what) ? "" : " " + source));
    busy_[what.which] = true;
    if (is_alone(what.what))
      ++alone_;
    auto ended = [=, this] {
      busy_[what.which] = false;
      if (is_alone(what.what))
        --alone_;
    };
    self_
      ->request(options_.owners[what.which], order_max,
                postgres_order{false, what.what, source, ports_[what.source],
                               what.timeline, token_.value_or(0)})
      .then(
        [=, this](const postgres_report& report) {
          ended();
          take(what.which, report);
        },
        [=, this](const caf::error& why) {
          ended();
          say(options_.servers[what.which] + ": " + describe(why));
        });
  }

  caf::event_based_actor* self_;
  postgres_watch_options options_;
  std::vector<server_view> views_;
  std::vector<uint16_t> ports_;
  std::vector<bool> busy_;
  std::vector<bool> late_;
  std::optional<uint64_t> token_;
  size_t waits_ = 0;
  size_t alone_ = 0;
  std::string missing_;
};

} // namespace

complaint validate(const postgres_watch_options& o) {
  using namespace std::chrono_literals;
  constexpr uint64_t servers_max = 9;
  if (auto bad =
        within("watch.servers", uint64_t{o.servers.size()}, 2, servers_max))
    return bad;
  if (o.owners.size() != o.servers.size())
    return said("watch.owners", shown(uint64_t{o.owners.size()}),
                "as many as watch.servers");
  return first_of(within("watch.look_every", o.look_every, 10ms, 1min),
                  positive("watch.look_max", o.look_max));
}

caf::behavior postgres_watch(caf::event_based_actor* self,
                             const postgres_watch_options& options) {
  if (auto bad = validate(options))
    throw std::invalid_argument{*bad};
  auto it = std::make_shared<server_watch>(self, options);
  auto every = options.look_every;
  self->send(self, caf::tick_atom_v);
  return {[=](caf::tick_atom next) {
    if (self->current_sender() != caf::actor_cast<caf::strong_actor_ptr>(self))
      return;
    it->tick();
    self->delayed_send(self, every, next);
  }};
}

} // namespace bulwark
