#include <bulwark/database/database_member.hpp>
#include <bulwark/database/detail/member_actor.hpp>
#include <bulwark/database/detail/sound_shipment.hpp>
#include <bulwark/text/detail/option_checks.hpp>

#include <caf/atom.hpp>
#include <caf/sec.hpp>

#include <memory>

namespace bulwark {

using namespace option_checks;

complaint validate(const database_member_options& o) {
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  if (auto bad = validate(o.replication))
    return bad;
  if (o.file.empty())
    return said("member.file", "\"\"", "the name of a file");
  if (o.members.size() != o.replication.members.size())
    return said("member.members", shown(uint64_t{o.members.size()}),
                "as many as replication.members, which are "
                  + shown(uint64_t{o.replication.members.size()}));
  if (auto bad =
        within("member.self", uint64_t{o.self}, 0, o.replication.followers()))
    return bad;
  for (size_t i = 0; i < o.members.size(); ++i)
    if (i != o.self && !o.members[i])
      return said("member.members", "no actor for " + o.replication.members[i],
                  "a gate for each of the others");
  return first_of(
    within("member.heartbeat", o.heartbeat, milliseconds{1}, minutes{1}),
    within("member.patience", o.patience, 3 * o.heartbeat, option_duration_max),
    within("member.write_max", o.write_max, o.heartbeat, option_duration_max));
}

caf::behavior database_member(caf::event_based_actor* self,
                              const database_member_options& options) {
  auto it = std::make_shared<detail::member_actor>(self, options);
  auto heartbeat = options.heartbeat;
  auto members = options.members.size();
  self->send(self, caf::tick_atom_v);
  return {
    [=](caf::tick_atom next) {
      // Only its own: another one would be a second clock.
      if (self->current_sender()
          != caf::actor_cast<caf::strong_actor_ptr>(self))
        return;
      it->tick();
      self->delayed_send(self, heartbeat, next);
    },
    [=](const write_request& what) {
      auto client = self->make_response_promise();
      it->write(what, client);
      return client;
    },
    [=](const database_read& what) {
      auto client = self->make_response_promise();
      it->read(what, client);
      return client;
    },
    [=](database_status_request) { return it->status(); },
    [=](database_force) {
      it->stand(true);
      return it->status();
    },
    [=](const detail::member_ask& what) -> caf::result<detail::told_position> {
      if (!detail::is_sound(what, options.self, members))
        return caf::make_error(caf::sec::invalid_argument,
                               std::string{"an epoch of nobody else"});
      return it->on_ask(what.epoch);
    },
    [=](const replica_shipment& what) -> caf::result<detail::offer_answer> {
      if (!detail::is_sound(what, options.self, members))
        return caf::make_error(caf::sec::invalid_argument,
                               std::string{"a shipment that no primary sends"});
      return it->on_shipment(what);
    },
    [=](detail::member_stand what) { it->stand(what.forced); },
  };
}

} // namespace bulwark
