#pragma once

#include <bulwark/cluster/detail/peer_watch.hpp>
#include <bulwark/cluster/detail/refusal_counts.hpp>
#include <bulwark/cluster/detail/send_check.hpp>
#include <bulwark/cluster/detail/tls/certificate_keeper.hpp>
#include <bulwark/cluster/detail/wire/connection.hpp>
#include <bulwark/cluster/detail/wire/loop_handler.hpp>
#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/cluster/wire_limits.hpp>
#include <bulwark/dead_letters/dead_letter_box.hpp>
#include <bulwark/events/emitter.hpp>
#include <bulwark/options/host_port.hpp>
#include <bulwark/process/detail/descriptor.hpp>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/io/doorman.hpp>
#include <caf/io/scribe.hpp>
#include <caf/node_id.hpp>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace bulwark::detail {

/// What the connections of a node are made with.
///
/// Immutable after construction.
struct wire_options {
  /// This node, for events.
  std::string node;

  wire_limits limits = {};
  noticing_options noticing = {};
  emitter events = {};
  dead_letter_box letters = {};

  /// What the node proves itself with. Null: nothing is encrypted.
  std::shared_ptr<certificate_keeper> certificates = {};

  /// What an experiment does to the connections to the node of that name; asked
  /// again and again, by a thread of the wire. Empty: nothing, ever.
  std::function<wire_faults(const std::string& node)> faults = {};
};

/// All connections of a node to others: sockets of our own, under CAF's
/// protocol. CAF's broker has the say in what is sent; what may come in, how
/// much may wait, and when a connection is given up is decided here.
///
/// Each connection and what listens holds it; `stop` lets go of CAF's broker,
/// and must come before the actor system ends.
///
/// Safe to call from any thread.
class wire : public std::enable_shared_from_this<wire> {
public:
  /// @pre CAF's middleman is loaded
  static std::shared_ptr<wire> make(caf::actor_system& sys,
                                    wire_options options);
  wire(caf::actor_system& sys, wire_options options);
  wire(const wire&) = delete;
  wire& operator=(const wire&) = delete;
  ~wire();

  // -- for the cluster --------------------------------------------------------

  /// Accepts connections there, and tells those who connect of `whom`. Returns
  /// the port.
  /// @throws listen_error
  uint16_t listen(const host_port& where, const caf::strong_actor_ptr& whom);

  struct adopted {
    /// For the broker, once. Null after `stop`.
    caf::io::scribe_ptr scribe;
    std::shared_ptr<connection> what;
  };

  /// Takes a connection in.
  adopted adopt(descriptor socket, wire_side side);

  /// CAF's broker; null after `stop`.
  caf::actor broker() const;

  /// What a node is called in errors, while it is a peer. Returns by what it is
  /// known here.
  std::string call(const caf::node_id& node, const std::string& name);
  void forget(const caf::node_id& node);

  /// Returns why `node` may not call itself `name`, or nothing: with TLS the
  /// name stands in its certificate.
  std::optional<std::string> complaint(const caf::node_id& node,
                                       const std::string& name) const;

  std::vector<std::shared_ptr<connection>> connections() const;

  /// Closes one connection, and no other one to the same node.
  void close(const std::shared_ptr<connection>& what,
             const std::string& reason);

  /// The same of all to one node.
  void close_all(const std::string& key, const std::string& reason);

  /// Who is told, by a thread that must not be kept waiting, that nothing comes
  /// from a peer, and that something comes again. Connections to it are closed
  /// by whoever is told; those to nodes that are no peers at once.
  using silence_hook =
    std::function<void(const std::string& key, bool suspect, duration gone)>;
  void on_silence(silence_hook hook);

  /// The nodes that are peers now, by name.
  std::set<std::string> peers() const;

  /// Returns the longest silence of each peer, by name, since this was called
  /// before: how regularly it is heard.
  std::map<std::string, duration> take_silences();

  /// For tests.
  void set_faults(const std::shared_ptr<connection>& what,
                  const wire_faults& faults);

  void stop();

  /// How often connections are looked at; how long no connection is accepted
  /// where no descriptor is left.
  static constexpr std::chrono::milliseconds tick{50};
  static constexpr std::chrono::seconds rest_time{1};

  // -- for scribes and doormen ------------------------------------------------

  const wire_limits& limits() const { return options_.limits; }
  const std::string& own_node() const { return own_node_; }
  caf::actor_system& system() const { return sys_; }
  loop_handler::multiplexer& loop() const { return loop_; }
  const dead_letter_box& letters() const { return options_.letters; }

  /// For the multiplexer's thread alone.
  std::vector<char>& read_buffer() { return read_buffer_; }

  /// Returns why the other side may not be that node, or nothing.
  std::optional<std::string> met(connection& what, const std::string& node);
  void ended(const connection& what);

  /// Takes a rest from accepting.
  void rest(caf::io::doorman_ptr who);

  /// Tells of it, if that was not told of its address lately.
  void tell_refused(const connection& what, const std::string& reason);

  /// Says why something is not sent.
  std::string words(send_verdict why, const connection& what) const;

private:
  void run();
  void look(const std::shared_ptr<connection>& what, time_point now);
  void notice(const std::vector<std::shared_ptr<connection>>& all,
              time_point now);
  bool tell_silence(const peer_watch::change& what, duration gone);
  void note_silences(const std::vector<std::shared_ptr<connection>>& all,
                     time_point at);
  void post_look(const std::shared_ptr<connection>& what);
  void wake_doormen(time_point now);
  void make_room();
  void practise();
  void tell(const std::string& peer, const std::string& reason, uint64_t count);
  uint64_t next_id();

  caf::actor_system& sys_;
  loop_handler::multiplexer& loop_;
  const wire_options options_;
  const std::string own_node_;
  std::vector<char> read_buffer_;

  mutable std::mutex lock_;
  std::condition_variable wake_;
  bool stopped_ = false;
  silence_hook silence_hook_;
  caf::actor broker_;
  std::atomic<bool> faulty_{false};

  // Above any descriptor, whose numbers CAF takes.
  uint64_t last_id_ = uint64_t{1} << 32;
  std::map<uint64_t, std::shared_ptr<connection>> all_;
  std::map<std::string, std::string> names_;

  std::map<std::string, duration> silences_;

  // Names of those that an experiment is about, also while they are lost.
  std::map<std::string, std::string> struck_;
  std::vector<std::pair<time_point, caf::io::doorman_ptr>> resting_;
  refusal_counts refusals_;

  // The ticker's alone: whom this node hears, and when its own beat is due.
  peer_watch watch_;
  std::set<std::string> watched_;
  time_point beat_due_;
  std::thread ticker_;
};

} // namespace bulwark::detail
