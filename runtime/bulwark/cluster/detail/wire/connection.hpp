#pragma once

#include <bulwark/cluster/detail/frame_check.hpp>
#include <bulwark/cluster/detail/send_queue.hpp>
#include <bulwark/cluster/detail/tls/tls_channel.hpp>
#include <bulwark/cluster/detail/wire/tcp.hpp>
#include <bulwark/cluster/detail/wire_times.hpp>
#include <bulwark/options/host_port.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace bulwark::detail {

class wire_scribe;

/// What a test or an experiment does to a connection. It stays whole, as far as
/// the kernel knows.
///
/// Immutable after construction.
struct wire_faults {
  /// Nothing is read, nothing is written: a cut of one way each.
  bool deaf = false;
  bool mute = false;

  /// What is read is thrown away.
  bool drop = false;

  /// What is read counts so much later.
  std::chrono::milliseconds delay{0};

  /// Nothing is read, and this node has heard nothing.
  bool unheard = false;

  /// Share of the messages of which each is thrown away.
  double loss = 0;

  bool reads() const noexcept { return !deaf && !unheard; }

  friend bool operator==(const wire_faults&, const wire_faults&) = default;
};

/// One connection to another node: its socket and what waits to be sent. CAF
/// writes to it and reads from it in the multiplexer's thread; any other thread
/// may look at it, and send a heartbeat while that one is busy.
///
/// Safe to call from any thread.
class connection {
public:
  /// Encrypted with `tls`, plain if that is null.
  /// @pre `fd` stays open until `close`
  connection(uint64_t number, wire_side which, int fd,
             std::shared_ptr<const tls_context> tls, time_point now);

  const uint64_t id;
  const wire_side side;

  /// The address of the other side.
  const host_port remote;

  enum class state {
    /// All is sent.
    idle,
    /// Some waits for room.
    waits,
    /// Some waits, and nothing is to be tried: `mute`, closed, or the other
    /// side has its turn in a handshake.
    held,
    failed,
  };

  /// Adds bytes to what is to be sent.
  void append(std::string_view bytes, time_point now);

  /// Sends what there is room for.
  state send(time_point now);

  /// Sends a heartbeat, if nothing was sent for `every` and nothing waits.
  state beat(duration every, time_point now);

  transfer receive(std::span<char> into);

  /// What reading has changed for writing, and the other way round: whether
  /// `send` is to be tried again because something was received, and whether
  /// `receive` waits for room to write.
  bool resumes();
  bool needs_room() const;

  /// Whether bytes have come of which the socket knows nothing any more.
  bool pending() const;

  /// Says that nothing more comes, and takes what the other side has sent: what
  /// is unread when a socket is closed has the kernel throw away what is not
  /// sent yet.
  void say_goodbye() noexcept;

  /// The socket is not used any more; what waits is dropped.
  void close() noexcept;

  wire_times times() const;

  /// How long ago its last byte arrived, whether or not it was read: also when
  /// CAF's thread is busy.
  duration silence(time_point now) const;

  size_t waiting() const;

  /// The names in the other side's certificate; none without TLS.
  std::vector<std::string> certified() const;

  /// The other side has said who it is.
  void meet(std::string node);

  /// Its node as CAF writes the id; empty before.
  std::string node() const;

  /// Why it was or is to be closed. The first one stays.
  void blame(std::string reason);
  std::string reason() const;

  void set_faults(const wire_faults& what, time_point now);
  wire_faults faults() const;

  /// What reads and writes for CAF, while it is open. For the multiplexer's
  /// thread alone.
  wire_scribe* scribe = nullptr;

private:
  state send_locked(time_point now);
  state ended_locked(const transfer& how);

  mutable std::mutex lock_;
  int fd_;
  std::unique_ptr<tls_channel> tls_;
  bool blocked_ = false;
  send_queue queue_;
  const time_point opened_;
  time_point progress_;
  time_point sent_at_;
  std::string node_;

  // Of one that is closed.
  std::vector<std::string> certified_;
  std::string reason_;
  wire_faults faults_;
  time_point unheard_since_{};
};

} // namespace bulwark::detail
