#pragma once

#include <bulwark/bulkhead/bulkhead_options.hpp>
#include <bulwark/bulkhead/detail/adaptive/adaptive_limit.hpp>
#include <bulwark/bulkhead/detail/consumer_account.hpp>
#include <bulwark/bulkhead/detail/permit_counter.hpp>
#include <bulwark/bulkhead/detail/permit_queue.hpp>
#include <bulwark/bulkhead/detail/tenant_shares.hpp>
#include <bulwark/bulkhead/detail/threshold_watch.hpp>
#include <bulwark/containers/detail/latency_histogram.hpp>
#include <bulwark/errors/errc.hpp>

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace bulwark {

/// Decides who gets permits of one bulkhead, who waits and who is turned away.
///
/// What is granted at once passes `counter` alone. Whoever fails there asks
/// here, and may have to wait: what becomes of those is a verdict, which stays
/// until its source fetches it by `claim`, `forget` or `take_refused`.
///
/// Confined to one thread, but for `counter`; the bulkhead guards it with its
/// lock.
class permit_table {
public:
  explicit permit_table(const bulkhead_options& options);

  permit_counter& counter() noexcept { return counter_; }
  const permit_counter& counter() const noexcept { return counter_; }

  enum class answer : uint8_t { granted, waits, full, isolated };

  /// Sources that have a verdict to fetch.
  using sources = std::set<uint64_t>;

  /// Asks for permits. `behind`: others of the same source go first. What the
  /// answer means for others is told by `changed`.
  answer ask(const permit_ticket& who, bool behind, time_point now,
             sources& changed);

  /// Grants what became free to who is next. To be called when something was
  /// given back and `permit_counter::given::marked` was set. Without memory
  /// for a grant that one waits for the next call.
  sources decide(time_point now);

  enum class standing : uint8_t { unknown, waits, granted };

  standing of(permit_key key) const;

  /// Hands a grant over: it has to be given back from now on.
  bool claim(permit_key key);

  /// Why somebody does not wait any more: its time is over; it left or died.
  enum class parting : uint8_t { late, withdrawn };

  /// Leaves the queue, or gives back what was granted and not claimed.
  sources forget(permit_key key, time_point now, parting why = parting::late);

  /// The same for all that one source waits for, or has not fetched; it has
  /// withdrawn.
  sources forget_source(uint64_t source, time_point now);

  /// Fetches who is turned away after all, and why.
  std::vector<std::pair<uint64_t, errc>> take_refused(uint64_t source);

  /// Fetches what was granted to a source: for those that claim all at once.
  std::vector<permit_ticket> take_granted(uint64_t source);

  /// Turns away whose time is over.
  sources expire(time_point now);
  std::optional<time_point> next_expiry() const { return queue_.next_expiry(); }

  /// Gives back, and says who is served by that.
  /// @pre so much was taken
  sources give(uint32_t consumer, uint64_t amount, uint64_t tenant,
               time_point now);

  /// The same where the use of the account is already less: for who cannot know
  /// whether it has a budget before.
  sources gave(uint32_t consumer, uint64_t amount, uint64_t tenant,
               time_point now);

  // -- consumers --------------------------------------------------------------

  static constexpr size_t consumers_max = 4096;

  /// Returns the account of a consumer, a new one if need be; its address never
  /// changes. Null: there are too many. A account with nothing in use may be
  /// given to another one that needs it, unless it is `lasting`: only who has
  /// such a one may take and give back without asking here.
  consumer_account* account(const std::string& name, bool lasting);
  const consumer_account* find(const std::string& name) const;

  const std::deque<consumer_account>& accounts() const noexcept {
    return accounts_;
  }

  /// Sets a part of the capacity aside for a consumer, on top of what it has.
  /// Returns false and does nothing when so much is not free for normal work,
  /// or others wait for it, or normal work is turned away.
  ///
  /// What a consumer asks for is taken from that first, without regard to
  /// others who wait; what is beyond it is charged like anybody's.
  bool allot(consumer_account& whom, uint64_t amount, time_point now,
             sources& changed);

  /// Returns all that was set aside; what is in use of it is charged from now
  /// on. Returns how much was set aside.
  uint64_t unallot(consumer_account& whom, time_point now, sources& changed);

  /// How much is set aside and not in use.
  uint64_t idle() const noexcept { return idle_; }

  /// Returns what the use of this moment crosses.
  threshold_watch::crossings observe();

  /// Returns whether a drain has come to its end by now; once.
  bool drained();

  // -- at run time ------------------------------------------------------------

  /// Returns the first complaint, or nothing and changes the limits. What is
  /// in use beyond a smaller capacity comes back by itself.
  [[nodiscard]] std::optional<std::string> resize(uint64_t capacity,
                                                  uint64_t reserved,
                                                  time_point now,
                                                  sources& changed);

  /// Turns away by priority, also who waits. `draining`: tell when nothing is
  /// in use any more; what is set aside is not in use.
  sources isolate(isolation level, bool draining, time_point now);

  /// Turns everybody away while the node is under pressure, and afterwards as
  /// many as before. Who used `isolate` meanwhile has the last word, and a door
  /// that was closed to all by then stays so. Returns whether anything changed.
  bool flood(bool close, time_point now, sources& changed);

  const bulkhead_options& options() const noexcept { return options_; }
  isolation isolated() const noexcept { return isolated_; }
  bool draining() const noexcept { return draining_; }
  bool fair() const noexcept { return options_.fair; }

  /// Takes into account how a request was answered, where the limit adapts.
  sources learn(const latency_sample& sample, time_point now);

  /// How much of the capacity is granted.
  uint64_t limit() const noexcept;

  /// Whether everybody has to come here.
  bool slow() const noexcept;

  struct counts {
    uint64_t granted = 0;
    uint64_t waited = 0;
    uint64_t refused = 0;
    uint64_t isolated = 0;
    uint64_t dropped = 0;
    uint64_t timeouts = 0;
    uint64_t withdrawn = 0;
    uint64_t shadowed = 0;
  };

  /// What was decided here; what passed `counter` alone is not in it.
  const counts& counted() const noexcept { return counts_; }

  /// Of those that waited and were granted.
  const latency_histogram& waits() const noexcept { return waits_; }

  size_t waiting() const noexcept { return queue_.size(); }

private:
  consumer_account* account_named(const std::string& name);

  struct verdict {
    permit_ticket ticket;
    std::optional<errc> refused;
  };

  /// Has memory for one more verdict.
  void need_verdict();

  bool take(const permit_ticket& who);
  bool at_once(const permit_ticket& who, bool behind, time_point now);
  answer turn_away(const permit_ticket& who, answer why);
  void grant(const permit_ticket& who);
  void refuse(const permit_ticket& who, errc why, sources& changed);
  void touch(uint32_t consumer);
  void refuse_hopeless(sources& changed);
  void apply_limits();
  void apply_quiet();
  void serve(const permit_ticket& who, time_point now, sources& changed);
  bool serve_next(time_point now, sources& changed);
  bool serve_budgets(time_point now, sources& changed);
  uint64_t limit_of(call_priority priority) const noexcept;
  uint64_t budget_of(const permit_ticket& who) const noexcept;
  uint64_t most_for(const permit_ticket& who) const noexcept;
  tenant_shares::room room_for(const permit_ticket& who) const noexcept;

  bulkhead_options options_;
  std::optional<adaptive_limit> adaptive_;
  permit_counter counter_;
  tenant_shares shares_;
  permit_queue queue_;
  threshold_watch watch_;
  isolation isolated_ = isolation::none;
  bool draining_ = false;
  // What it was before the node closed it; nothing: the node did not.
  std::optional<isolation> before_flood_;
  std::map<permit_key, verdict> verdicts_;
  std::map<permit_key, verdict>::node_type spare_verdict_;
  std::deque<consumer_account> accounts_;
  std::map<std::string, uint32_t, std::less<>> consumer_numbers_;
  // Where to look for one to give to somebody else.
  uint32_t hand_ = 0;
  // Set aside in all, and of that not in use; and for whom that has changed.
  uint64_t allotted_ = 0;
  uint64_t idle_ = 0;
  std::set<uint32_t> touched_;
  counts counts_;
  latency_histogram waits_;
};

} // namespace bulwark
