#pragma once

#include <bulwark/database/database_member.hpp>
#include <bulwark/database/detail/sqlite_replica.hpp>
#include <bulwark/database/detail/waiting_clients.hpp>
#include <bulwark/database/member_calls.hpp>
#include <bulwark/protection/detail/unit_random.hpp>
#include <bulwark/replication/detail/candidacy.hpp>

#include <caf/event_based_actor.hpp>
#include <caf/response_promise.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What a `database_member` does with its replica: it carries what the replica
/// says to the other members, and their answers back, and looks at the time.
///
/// Confined to one actor.
class member_actor {
public:
  /// @throws std::invalid_argument @throws replica_error
  member_actor(caf::event_based_actor* self,
               const database_member_options& options);

  /// Each heartbeat, from the actor itself.
  void tick();

  // -- for clients ------------------------------------------------------------

  void write(const write_request& request, caf::response_promise client);
  void read(const database_read& request, caf::response_promise client);
  database_status status() const;

  /// Of an operator, or of a member that may look for a primary.
  void stand(bool forced);

  // -- for other members ------------------------------------------------------

  told_position on_ask(uint64_t epoch);
  offer_answer on_shipment(const replica_shipment& what);

private:
  size_t size() const { return options_.members.size(); }
  const std::string& name(size_t i) const {
    return options_.replication.members[i];
  }
  std::string primary() const;
  time_point now() const { return self_->clock().now(); }
  double chance() { return unit_random(dice_++); }
  void say(const std::string& what) const;
  void say_once(const std::string& what);

  void look();
  void probe_primary();
  void told(uint64_t epoch);
  void decide();
  void lead_on(promotion_verdict verdict, size_t furthest, bool forced);

  void ship(size_t other);
  void send(size_t other, replica_shipment what);
  void took(size_t other, uint64_t epoch, uint64_t upto,
            const offer_answer& answer);

  /// Answers those whose time has come, after anything was changed.
  void settle();
  void note_dropped();

  caf::event_based_actor* self_;
  database_member_options options_;
  sqlite_replica replica_;
  candidacy candidacy_;
  waiting_clients clients_;
  uint64_t dice_;

  // The attempt to lead that is under way, or 0; how many have not answered.
  uint64_t attempt_ = 0;
  size_t silent_ = 0;
  bool forced_ = false;

  // Whose answer to a shipment is awaited.
  std::vector<bool> busy_;

  // Of the primary that it follows, the latest; and whether it asks for it.
  uint64_t followed_ = 0;
  time_point heard_{};
  time_point ticked_{};
  bool probes_ = false;

  uint64_t led_ = 0;
  uint64_t dropped_ = 0;
  std::string said_;
};

} // namespace bulwark::detail
