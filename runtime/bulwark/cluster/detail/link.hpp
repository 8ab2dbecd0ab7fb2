#pragma once

#include <bulwark/cluster/cluster.hpp>
#include <bulwark/cluster/detail/dial_attempt.hpp>
#include <bulwark/cluster/detail/dial_list.hpp>
#include <bulwark/cluster/detail/hello.hpp>
#include <bulwark/cluster/detail/link_protocol.hpp>
#include <bulwark/cluster/detail/member_board.hpp>
#include <bulwark/cluster/detail/membership.hpp>
#include <bulwark/cluster/detail/offer_news.hpp>
#include <bulwark/cluster/detail/peer_file.hpp>
#include <bulwark/cluster/detail/peer_notice.hpp>
#include <bulwark/cluster/detail/peer_question.hpp>
#include <bulwark/cluster/detail/refusal_counts.hpp>
#include <bulwark/cluster/detail/unknown_service.hpp>
#include <bulwark/cluster/detail/wire/wire.hpp>
#include <bulwark/events/detail/system_actor.hpp>
#include <bulwark/time/detail/timer_stack.hpp>

#include <caf/result.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace bulwark::detail {

/// The actor behind `cluster`: greets other nodes, watches them, and carries
/// what changes to gates and monitor.
///
/// Confined to one actor.
class link final : public system_actor {
public:
  /// `wires` may be null where nobody can be connected to, `roles` where this
  /// node has none.
  link(caf::actor_config& config, cluster_options options,
       std::shared_ptr<wire> wires, caf::actor roles = {},
       std::shared_ptr<member_board> board = std::make_shared<member_board>());

  const char* name() const override { return "bulwark.link"; }

protected:
  caf::behavior make_behavior() override;

private:
  struct peer {
    uint64_t boot = 0;
    std::string address;
    caf::strong_actor_ptr link;
    std::vector<service_offer> offers;
    bool drains = false;
    bool suspect = false;

    /// What the wire calls its node.
    std::string key = {};

    /// Whether it understands questions about others, and how services do.
    bool understands = false;

    /// Whether it knows how the services of this node do; and the latest that
    /// it has told of its own.
    bool told = false;
    uint64_t news = 0;
    std::map<std::string, peer_offer> standing = {};
  };

  struct dialled {
    host_port address;
    dial_attempt attempt;
  };

  // -- connecting -------------------------------------------------------------
  //
  // An address is dialled, then CAF's broker is given the connection, then who
  // answers is greeted. At most one dial of an address is under way.

  void on_start(const link_start& what);
  void dial_due();
  void dial(const host_port& address);
  void look_at_attempts();
  void connect(const host_port& address, descriptor connection);
  void greet(const host_port& address, const caf::strong_actor_ptr& link);
  void greeted(const host_port& address, const hello& whom,
               const std::optional<std::string>& refusal);
  void on_failed(const host_port& address, const std::string& reason);
  void plan_dial();

  // -- peers (link_peers.cpp) -------------------------------------------------

  hello own_hello();
  caf::result<hello> on_hello(const hello& greeting);

  /// Takes a node in, or returns why not. `silent`: the start that has its name
  /// and does not answer.
  std::optional<std::string> adopt(const hello& greeting, uint64_t silent = 0);
  void note_addresses(const hello& greeting);

  /// Calls `then` with why a node is not taken in, or nothing, and what it
  /// said: at once, unless another start has its name. Then that one is asked,
  /// and keeps the name if it answers.
  using decided =
    std::function<void(const std::optional<std::string>&, const hello&)>;
  void decide(const hello& greeting, const caf::node_id& speaker, decided then);

  /// Returns why the node `speaker` may not say that, whatever it says, or
  /// nothing: it speaks for itself alone, and under its own name.
  std::optional<std::string> forged(const hello& greeting,
                                    const caf::node_id& speaker) const;
  void watch(const hello& greeting);
  void on_lost(const link_lost& what);
  void end_peer(const std::string& node, const caf::error& reason);
  void drop(const std::string& node);
  void on_stop();

  // -- who is a member (link_members.cpp) -------------------------------------

  void read_kept();
  void keep();
  void tell_kept(const std::string& complaint);

  /// Does what follows from changes.
  void apply(const membership::changes& what);
  void tell_member(const member_change& what);
  void ask_others();
  caf::result<bool> on_question(const peer_question& what);
  void on_silence(const link_silence& what);
  void plan_look();
  void on_look(link_look tick);
  void show_suspect(const std::string& node, bool suspect);

  // -- notices to and from peers, and to gates (link_notices.cpp) -------------

  caf::result<void> on_drain();
  caf::result<void> on_notice(const peer_notice& what);
  void on_replaced(const std::string& node, const std::string& reason);

  /// Why a start of `node` is refused whose name another one has.
  std::string name_taken(const std::string& node) const;
  void tell_replaced(const caf::strong_actor_ptr& whom,
                     const std::string& node);

  void on_gate(const link_gate& what);

  // -- services that run on one node at a time (link_offers.cpp) --------------

  void on_offer(const link_offer& what);
  /// What a peer may not know that was greeted some time ago.
  void tell_moves(const caf::strong_actor_ptr& whom);
  void tell_move(const caf::strong_actor_ptr& whom, const std::string& service);
  void on_moved(const std::string& node, peer& from, const peer_notice& what);

  /// Tells a gate of an offer, and that it has ended.
  static void show(const gate& to, const std::string& node,
                   const service_offer& what);
  static void hide(const gate& from, const std::string& node,
                   const service_offer& what);

  // -- how services do (link_news.cpp) ----------------------------------------

  peer_offer offer_now(const std::string& service, const gate& which) const;
  void plan_news();
  void on_news_due();
  offer_news look_at_offers();
  offer_news all_offers() const;
  void tell_news(const caf::strong_actor_ptr& whom, const offer_news& what);
  caf::result<void> on_news(const offer_news& what);
  static void stand(const gate& to, const std::string& node, const peer& from,
                    const std::string& service);

  // -- circuit breakers that know of each other (link_breakers.cpp) -----------

  void on_breaker(const link_breaker& what);
  void on_breaker_news(const link_breaker_news& what);
  void on_breakers(const peer_notice& what);

  /// What a peer may not know that was greeted some time ago, and asks for what
  /// it knows.
  void tell_breakers(const caf::strong_actor_ptr& whom);
  void tell_breaker(const caf::strong_actor_ptr& whom,
                    const std::string& service, breaker_knowledge what,
                    bool asks = false);

  /// Ends the first joins, if all are connected.
  void look_at_joins();
  void end_joins();

  /// Says that a gate knows of all nodes that offer its service by now.
  void tell_of_peers(const std::string& service);

  /// The services that this node or a peer offers.
  std::vector<std::string> names() const;

  /// Tells of it once a minute for each of them.
  void tell_refused(const std::string& whom, const std::string& reason);

  const cluster_options options_;
  const std::shared_ptr<wire> wires_;
  const caf::actor roles_;
  std::optional<host_port> address_;

  /// Singletons that run here.
  std::set<std::string> taken_;
  bool started_ = false;
  bool draining_ = false;

  /// Whether the first joins are under way, and the gates that wait for them.
  bool joining_ = true;
  std::set<std::string> untold_;

  dial_list dials_;

  /// By address.
  std::map<std::string, dialled> attempts_;
  timer_stack timers_;
  std::mt19937_64 random_;
  std::map<std::string, peer> peers_;
  std::map<std::string, gate> gates_;
  std::map<std::string, std::shared_ptr<service_breaker>> breakers_;

  refusal_counts refusals_;
  membership members_;
  const std::shared_ptr<member_board> board_;
  timer_stack looks_;
  std::vector<kept_peer> kept_;
  bool keep_failed_ = false;

  /// What peers were told of each service.
  std::map<std::string, peer_offer> told_;
  uint64_t news_version_ = 0;
  bool news_planned_ = false;
};

} // namespace bulwark::detail
