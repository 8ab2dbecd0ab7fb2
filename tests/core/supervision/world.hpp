#pragma once

#include <bulwark/supervision/detail/supervision.hpp>

#include <deque>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace test {

/// A supervisor's decisions with children that are only names: performs the
/// steps on virtual time and keeps a history, one word and one name per line:
/// `start a`, `up a`, `stop a`, `kill a`, `failed a`, `finish limit` ...
///
/// Confined to one thread.
class world {
public:
  explicit world(bulwark::supervisor_policy policy = {});

  /// Adds a child; its name is its id.
  void add(const std::string& name, bulwark::child_policy policy = {});

  void start_all();

  /// The child ends by itself.
  void end(const std::string& name, bulwark::child_end how = {});

  /// Lets time pass, firing what is due on the way.
  void advance(bulwark::duration time);

  /// Performs what an operator's call returned.
  void perform(bulwark::supervision_steps steps);

  /// The children named so come up only when told by `up`.
  void slow(const std::string& name) { slow_.insert(name); }
  void up(const std::string& name);

  /// The next start of the child fails, so many times.
  void fail_start(const std::string& name, int times) {
    failing_[name] = times;
  }

  /// The next starts of the child are not wanted, so many of them.
  void ignore_start(const std::string& name, int times) {
    ignoring_[name] = times;
  }

  /// The child does not stop when asked, and not when killed either.
  void stubborn(const std::string& name) { stubborn_.insert(name); }
  void immortal(const std::string& name) { immortal_.insert(name); }

  /// The child is at this from now on; odd numbers are work.
  void progress_counter(const std::string& name, uint32_t value) {
    counters_[name] = value;
  }

  /// Returns the history since the last call.
  std::string take();

  /// The same, but only of the words given: `start`, `stop` ...
  std::string take(const std::set<std::string>& words);

  bulwark::child_key key(const std::string& name) const {
    return keys_.at(name);
  }
  bulwark::child_state state(const std::string& name) const;
  uint64_t incarnation(const std::string& name) const;

  bulwark::supervision& book() { return book_; }
  bulwark::time_point now() const { return now_; }
  bool over() const { return over_; }
  bool complete() const { return complete_; }

private:
  void perform_one(const bulwark::supervision_step& step);
  void started(bulwark::child_key key, uint64_t incarnation);
  void told_to_end(bulwark::child_key key, bulwark::exit_class how);
  std::vector<bulwark::child_progress> look() const;
  void note(const std::string& word, bulwark::child_key key);

  bulwark::supervision book_;
  std::map<std::string, bulwark::child_key> keys_;
  std::map<bulwark::child_key, std::string> names_;
  std::multimap<bulwark::time_point, bulwark::supervision_timer> timers_;
  std::deque<bulwark::supervision_step> queue_;
  std::set<std::string> slow_;
  std::set<std::string> stubborn_;
  std::set<std::string> immortal_;
  std::map<std::string, int> failing_;
  std::map<std::string, int> ignoring_;
  std::map<std::string, uint32_t> counters_;
  std::vector<std::pair<std::string, std::string>> history_;
  bulwark::time_point now_{std::chrono::hours{1}};
  bool performing_ = false;
  bool over_ = false;
  bool complete_ = false;
};

} // namespace test
