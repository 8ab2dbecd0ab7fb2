#pragma once

#include <bulwark/redundancy/ejection_change.hpp>
#include <bulwark/redundancy/ejection_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace test {

/// Ejection as one would write it down: it remembers every answer, and what
/// happened to each member, and looks at all of it.
class plain_ejection {
public:
  plain_ejection(const bulwark::ejection_options& options, size_t members)
    : options_(options), members_(members) {}

  void up(size_t which, bulwark::time_point now);
  void down(size_t which, bulwark::time_point now);
  void answered(size_t which, bool error, bulwark::time_point began,
                bulwark::duration took, bulwark::time_point now);
  void wake(bulwark::time_point now);

  bool ejected(size_t which) const { return members_[which].until.has_value(); }
  bool panics() const;
  bool usable(size_t which) const {
    return members_[which].up && (!ejected(which) || panics());
  }

  /// All that happened, in order.
  const std::vector<bulwark::ejection_change>& told() const { return told_; }

private:
  struct reply {
    bool error;
    bulwark::duration took;
    bulwark::time_point at;
  };

  struct member {
    bool up = false;
    bulwark::time_point since{};
    std::optional<bulwark::time_point> until;
    std::vector<reply> replies;
    uint32_t times = 0;
  };

  size_t up_count() const;
  size_t out_count() const;
  size_t room() const;
  void anew(member& which, bulwark::time_point now);
  void use(size_t which, bulwark::time_point now);
  std::vector<reply> recent(const member& which, bulwark::time_point now) const;
  bool in_row(const member& which) const;
  bool by_share(const member& which, bulwark::time_point now) const;
  bool slow(size_t which, bulwark::time_point now) const;
  std::optional<bulwark::duration> mean(const member& which,
                                        bulwark::time_point now) const;
  void made_good(member& which, bulwark::time_point now) const;

  bulwark::ejection_options options_;
  std::vector<member> members_;
  std::vector<bulwark::ejection_change> told_;
};

} // namespace test
