#pragma once

#include <bulwark/gate/protection.hpp>

#include <map>
#include <mutex>
#include <vector>

namespace test {

/// A protection that exists here only: refuses every third attempt, and learns
/// from how each other one ends.
///
/// Safe to call from any thread.
class every_third final : public bulwark::protection {
public:
  /// What became of one attempt.
  struct story {
    uint32_t earlier = 0;
    bool went = false;
    std::vector<bulwark::attempt_end> ends;
  };

  bulwark::permission may_go(const bulwark::call_attempt& what) override {
    std::lock_guard guard{lock_};
    if (++asked_ % 3 == 0)
      return bulwark::permission::no(bulwark::errc::rate_limited, "the third");
    open_[what.id] = stories_.size();
    stories_.push_back({what.earlier, false, {}});
    return bulwark::permission::yes();
  }

  void went(uint64_t attempt) noexcept override {
    std::lock_guard guard{lock_};
    stories_[open_.at(attempt)].went = true;
  }

  void ended(uint64_t attempt,
             const bulwark::attempt_end& how) noexcept override {
    std::lock_guard guard{lock_};
    stories_[open_.at(attempt)].ends.push_back(how);
  }

  int asked() const {
    std::lock_guard guard{lock_};
    return asked_;
  }

  /// In the order in which they were asked for.
  std::vector<story> stories() const {
    std::lock_guard guard{lock_};
    return stories_;
  }

private:
  mutable std::mutex lock_;
  int asked_ = 0;
  std::map<uint64_t, size_t> open_;
  std::vector<story> stories_;
};

} // namespace test
