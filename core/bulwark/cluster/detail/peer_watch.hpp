#pragma once

#include <bulwark/cluster/detail/arrival_history.hpp>
#include <bulwark/cluster/detail/self_doubt.hpp>
#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/time/time.hpp>

#include <map>
#include <string>
#include <vector>

namespace bulwark::detail {

/// Which of the other nodes this one does not hear any more.
///
/// Confined to one thread.
class peer_watch {
public:
  struct change {
    std::string node;
    bool suspect;

    friend bool operator==(const change&, const change&) = default;
  };

  peer_watch(const noticing_options& options, time_point now)
    : options_(options), doubt_(options, now) {}

  void add(const std::string& node, time_point now);
  void remove(const std::string& node) { peers_.erase(node); }

  /// Something of that node arrived at `at`, whenever that is learned of.
  void heard(const std::string& node, time_point at);

  /// To be called each `beat`.
  void beat(time_point now) { doubt_.beat(now); }

  /// Returns who has become suspect, and who is not any more.
  std::vector<change> look(time_point now);

  /// Whether something has come from it lately; what others are told.
  bool reaches(const std::string& node) const;

  const self_doubt& doubt() const noexcept { return doubt_; }

private:
  struct peer {
    arrival_history arrivals;
    bool suspect = false;
  };

  noticing_options options_;
  self_doubt doubt_;
  std::map<std::string, peer> peers_;
};

} // namespace bulwark::detail
