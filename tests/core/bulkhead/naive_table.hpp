#pragma once

#include <bulwark/bulkhead/detail/permit_table.hpp>

#include <map>
#include <string>
#include <utility>
#include <vector>

namespace test {

/// What a permit table promises, in the plainest words: lists that are searched
/// from the front, and everything is looked at again after every step.
///
/// Of tenants it asks the real shares, which have tests of their own.
///
/// Confined to one thread.
class naive_table {
public:
  using answer = bulwark::permit_table::answer;
  using permit_key = bulwark::permit_key;
  using ticket = bulwark::permit_ticket;

  explicit naive_table(const bulwark::bulkhead_options& options)
    : options_(options), shares_(options.weights) {}

  answer ask(const ticket& who, bool behind, bulwark::time_point now);
  void give(uint32_t consumer, uint64_t amount, uint64_t tenant);
  bool try_take(uint32_t consumer, uint64_t amount,
                bulwark::call_priority priority);
  void forget(permit_key which);
  void forget_source(uint64_t source);
  void expire(bulwark::time_point now);
  bool allot(uint32_t consumer, uint64_t amount);
  uint64_t unallot(uint32_t consumer);
  void resize(uint64_t capacity, uint64_t reserved);
  void isolate(bulwark::isolation level, bool draining);
  bool drained();

  /// Everything that is charged, and all that is marked.
  uint64_t use() const;
  bool marked() const { return slow() || !waiting_.empty(); }

  struct budget {
    uint64_t use = 0;
    uint64_t allotted = 0;
    uint64_t own = 0;
  };

  /// Who waits, in the order of arrival; who was granted or refused after that
  /// and has not fetched it.
  const std::vector<ticket>& waiting() const { return waiting_; }
  std::map<permit_key, ticket> granted;
  std::map<permit_key, bulwark::errc> refused;
  std::map<uint32_t, budget> accounts;

private:
  /// A tenant that waits, with one priority.
  using turn = std::pair<bulwark::call_priority, uint64_t>;

  bool slow() const;
  uint64_t limit(bulwark::call_priority priority) const;
  uint64_t allotted() const;
  uint64_t idle() const;
  uint64_t most_for(const ticket& who);
  bulwark::tenant_shares::room room(const ticket& who);
  bool may_go(const ticket& who, bool behind, bulwark::time_point now);
  bool take(const ticket& who);
  answer turn_away(const ticket& who, answer why);
  void grant(const ticket& who);
  size_t next() const;
  double burden(const ticket& who) const;
  double load(const ticket& who) const;
  size_t victim(const ticket& arriving) const;
  size_t of_tenant(uint64_t tenant, bulwark::call_priority priority) const;
  turn turn_of(const ticket& who) const;
  size_t turn_number(const ticket& who) const;
  void forget_turns();
  void serve(size_t which);
  bool serve_one();
  void decide();
  template <class F>
  void turn_out(bulwark::errc why, F whom);

  bulwark::bulkhead_options options_;
  bulwark::tenant_shares shares_;
  bulwark::isolation isolated_ = bulwark::isolation::none;
  bool draining_ = false;
  std::vector<ticket> waiting_;

  // Of those that wait, each once: whose turn is longest ago comes first.
  std::vector<turn> turns_;
};

} // namespace test
