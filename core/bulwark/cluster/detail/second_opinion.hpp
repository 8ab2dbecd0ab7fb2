#pragma once

#include <bulwark/cluster/noticing_options.hpp>
#include <bulwark/time/time.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace bulwark::detail {

/// What is made of a node that this one does not hear.
enum class silence_verdict {
  /// It is lost: another node does not hear it either.
  lost,

  /// Another node hears it, or nobody says anything: it is only out of this
  /// one's reach.
  unreachable,
};

/// Asks others about one node that is suspect, before it is taken for lost: a
/// node whose own network loses what it is sent must not bring others down.
///
/// Confined to one thread.
class second_opinion {
public:
  /// `others` are the nodes that this one hears, in the order in which they
  /// may be asked; `nodes`: how many there are in all, with this one and the
  /// suspect. Among fewer than `opinion_nodes` nobody is asked.
  second_opinion(const noticing_options& options,
                 std::vector<std::string> others, size_t nodes, time_point now);

  /// Who is to be asked.
  const std::vector<std::string>& asked() const noexcept { return asked_; }

  /// What one of them answers. Counts once, and only of those asked.
  void answer(const std::string& from, bool reaches);

  /// Returns the verdict, once there is one.
  std::optional<silence_verdict> verdict(time_point now) const;

  /// When there is one at the latest.
  time_point due() const noexcept { return due_; }

private:
  std::vector<std::string> asked_;
  std::vector<std::string> open_;
  time_point due_;
  bool few_;
  bool reached_ = false;
  bool agreed_ = false;
};

} // namespace bulwark::detail
