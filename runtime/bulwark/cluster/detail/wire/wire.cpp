#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/cluster/detail/wire/wire_doorman.hpp>
#include <bulwark/cluster/detail/wire/wire_scribe.hpp>
#include <bulwark/events/detail/severity_rules.hpp>
#include <bulwark/text/duration_text.hpp>

#include <caf/binary_serializer.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/make_counted.hpp>
#include <caf/send.hpp>

#include <algorithm>
#include <chrono>
#include <set>
#include <utility>

namespace bulwark::detail {

namespace {

constexpr size_t read_size = size_t{64} * 1024;

time_point now() {
  return std::chrono::steady_clock::now();
}

std::string written(caf::actor_system& sys, const caf::node_id& node) {
  std::vector<char> bytes;
  caf::binary_serializer sink{sys, bytes};
  return sink(node) ? std::string{} : std::string{bytes.begin(), bytes.end()};
}

} // namespace

std::shared_ptr<wire> wire::make(caf::actor_system& sys, wire_options options) {
  auto result = std::make_shared<wire>(sys, std::move(options));
  result->ticker_ = std::thread{[mine = result.get()] { mine->run(); }};
  return result;
}

wire::wire(caf::actor_system& sys, wire_options options)
  : sys_(sys),
    loop_(dynamic_cast<loop_handler::multiplexer&>(sys.middleman().backend())),
    options_(std::move(options)),
    own_node_(written(sys, sys.node())),
    read_buffer_(read_size),
    broker_(
      sys.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"))),
    watch_(options_.noticing, now()),
    beat_due_(now() + options_.noticing.beat) {}

wire::~wire() {
  stop();
}

uint64_t wire::next_id() {
  return ++last_id_;
}

uint16_t wire::listen(const host_port& where,
                      const caf::strong_actor_ptr& whom) {
  auto socket = listen_at(where);
  uint64_t id = 0;
  {
    std::lock_guard guard{lock_};
    id = next_id();
  }
  caf::io::doorman_ptr doorman = caf::make_counted<wire_doorman>(
    shared_from_this(), id, loop_, std::move(socket));
  auto port = doorman->port();
  caf::anon_send(broker(), caf::publish_atom_v, std::move(doorman), port, whom,
                 std::set<std::string>{});
  return port;
}

wire::adopted wire::adopt(descriptor socket, wire_side side) {
  std::shared_ptr<connection> what;
  {
    std::lock_guard guard{lock_};
    if (stopped_)
      return {};
    const auto& proof = options_.certificates;
    what = std::make_shared<connection>(
      next_id(), side, socket.get(), proof ? proof->current() : nullptr, now());
    all_.emplace(what->id, what);
  }
  make_room();
  caf::io::scribe_ptr scribe = caf::make_counted<wire_scribe>(
    shared_from_this(), what, loop_, std::move(socket));
  return {std::move(scribe), std::move(what)};
}

/// An honest node says who it is at once: the oldest one is none.
void wire::make_room() {
  std::shared_ptr<connection> oldest;
  size_t strangers = 0;
  for (const auto& each : connections())
    if (each->node().empty() && ++strangers == 1)
      oldest = each;
  if (strangers <= limits().strangers_max)
    return;
  std::string reason = "it did not say who it is, and others came";
  tell_refused(*oldest, reason);
  close(oldest, reason);
}

caf::actor wire::broker() const {
  std::lock_guard guard{lock_};
  return broker_;
}

std::string wire::call(const caf::node_id& node, const std::string& name) {
  auto key = written(sys_, node);
  std::lock_guard guard{lock_};
  names_[key] = name;
  return key;
}

void wire::forget(const caf::node_id& node) {
  auto key = written(sys_, node);
  std::lock_guard guard{lock_};
  names_.erase(key);
}

std::map<std::string, duration> wire::take_silences() {
  std::lock_guard guard{lock_};
  return std::exchange(silences_, {});
}

std::set<std::string> wire::peers() const {
  std::lock_guard guard{lock_};
  std::set<std::string> result;
  for (const auto& [node, name] : names_)
    result.insert(name);
  return result;
}

std::vector<std::shared_ptr<connection>> wire::connections() const {
  std::lock_guard guard{lock_};
  std::vector<std::shared_ptr<connection>> result;
  for (const auto& [id, each] : all_)
    result.push_back(each);
  return result;
}

void wire::close(const std::shared_ptr<connection>& what,
                 const std::string& reason) {
  loop_.post([what, reason] {
    what->blame(reason);
    if (what->scribe != nullptr)
      what->scribe->fail(reason);
  });
}

void wire::close_all(const std::string& key, const std::string& reason) {
  for (const auto& each : connections())
    if (each->node() == key)
      close(each, reason);
}

void wire::on_silence(silence_hook hook) {
  std::lock_guard guard{lock_};
  silence_hook_ = std::move(hook);
}

void wire::set_faults(const std::shared_ptr<connection>& what,
                      const wire_faults& faults) {
  faulty_ = true;
  what->set_faults(faults, now());
  post_look(what);
}

void wire::post_look(const std::shared_ptr<connection>& what) {
  loop_.post([what] {
    if (what->scribe != nullptr)
      what->scribe->look();
  });
}

void wire::stop() {
  caf::actor broker;
  {
    std::lock_guard guard{lock_};
    stopped_ = true;
    broker.swap(broker_);
    resting_.clear();
  }
  wake_.notify_all();
  if (ticker_.joinable())
    ticker_.join();
  if (options_.certificates)
    options_.certificates->stop();
}

// -- what scribes and doormen tell --------------------------------------------

/// Two connections to one node are normal; that they are to the same one, the
/// certificates say.
std::optional<std::string> wire::met(connection& what,
                                     const std::string& node) {
  if (options_.certificates)
    for (const auto& each : connections())
      if (each->node() == node && each->certified() != what.certified())
        return "it says that it is a node that is connected with another "
               "certificate";
  what.meet(node);
  std::lock_guard guard{lock_};
  auto known = struck_.find(node);
  if (known == struck_.end())
    return std::nullopt;
  faulty_ = true;
  what.set_faults(options_.faults(known->second), now());
  return std::nullopt;
}

std::optional<std::string> wire::complaint(const caf::node_id& node,
                                           const std::string& name) const {
  if (!options_.certificates)
    return std::nullopt;
  auto key = written(sys_, node);
  for (const auto& each : connections())
    if (each->node() == key) {
      auto names = each->certified();
      if (std::find(names.begin(), names.end(), name) != names.end())
        return std::nullopt;
      std::string text;
      for (const auto& known : names)
        text += (text.empty() ? "" : ", ") + known;
      return "its name is " + name + ", its certificate is for "
             + (text.empty() ? "nobody" : text);
    }
  return "its connection is gone";
}

void wire::ended(const connection& what) {
  std::lock_guard guard{lock_};
  all_.erase(what.id);
}

void wire::rest(caf::io::doorman_ptr who) {
  {
    std::lock_guard guard{lock_};
    if (!stopped_)
      resting_.emplace_back(now() + rest_time, std::move(who));
  }
  tell("",
       "no descriptor is left: nobody is accepted for " + to_text(rest_time),
       1);
}

void wire::tell_refused(const connection& what, const std::string& reason) {
  std::optional<uint64_t> count;
  {
    std::lock_guard guard{lock_};
    count = refusals_.refused(what.remote.host, now());
  }
  if (count)
    tell(to_string(what.remote), reason, *count);
}

void wire::tell(const std::string& peer, const std::string& reason,
                uint64_t count) {
  event told;
  told.kind = event_kind::peer_refused;
  told.level = severity_of(told.kind);
  told.component = "node/" + options_.node;
  told.reason = reason;
  if (!peer.empty())
    told.with("peer", peer);
  if (count > 1)
    told.with("refusals", std::to_string(count));
  options_.events.emit(std::move(told));
}

std::string wire::words(send_verdict why, const connection& what) const {
  auto node = what.node();
  std::string name;
  {
    std::lock_guard guard{lock_};
    auto known = names_.find(node);
    name = known != names_.end() ? known->second : to_string(what.remote);
  }
  switch (why) {
  case send_verdict::too_large:
    return "a message to " + name + " has more than "
           + std::to_string(limits().payload_max) + " bytes";
  case send_verdict::too_nested:
    return "a message to " + name + " holds too many messages";
  case send_verdict::not_direct:
    return "there is no connection to the node of the receiver, only one to "
           + name;
  default:
    return std::to_string(what.waiting()) + " bytes wait for " + name
           + " already, which does not read them";
  }
}

} // namespace bulwark::detail
