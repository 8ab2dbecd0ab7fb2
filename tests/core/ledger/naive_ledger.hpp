#pragma once

#include <bulwark/events/event.hpp>
#include <bulwark/ledger/ledger_options.hpp>
#include <bulwark/ledger/report.hpp>

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

/// A second fold, as plain as can be: sorts all events, computes for every
/// component how it was after each of them, and adds up. It shares the values
/// of the report with the ledger, the words of recommendations, and nothing
/// else. Below all limits of `ledger_options` it tells the same.
class naive_ledger {
public:
  naive_ledger(const std::vector<bulwark::event>& events,
               bulwark::wall_time now);

  [[nodiscard]] bulwark::fault_tolerance_report
  report(const bulwark::report_query& query) const;

private:
  using name = std::pair<std::string, std::string>;

  enum class how : uint8_t { unknown, up, down, absent };

  // One event that matters, or the beginning that a node_crashed tells of.
  struct entry {
    int64_t at = 0;
    bulwark::event what;
    bool beginning = false;
  };

  // How a node was after each entry.
  struct node_story {
    std::vector<bool> boots;
    std::vector<bool> stops;
    std::vector<bool> stopped;
    std::vector<bool> lost;
  };

  // What a component has gone through, and how it was after each entry.
  struct story {
    std::string id;
    std::string node;
    std::string path;
    bulwark::component_kind kind = bulwark::component_kind::replica;
    std::vector<how> was;
    std::vector<bool> counts;
    std::vector<bool> service;
    std::vector<int64_t> failures;
    std::vector<int64_t> outages;
    std::vector<int64_t> recovery_times;
    uint64_t recoveries = 0;
    uint64_t estimated = 0;
    int64_t down_since = 0;
    bool unreachable = false;
  };

  struct failure {
    size_t entry = 0;
    name who;
    size_t tree = 0;
    size_t place = 0;
  };

  struct span {
    int64_t up = 0;
    int64_t down = 0;
  };

  void enter(const std::vector<bulwark::event>& events);
  void tell_nodes();
  void tell_node(const std::string& node);
  void tell_component(const name& who);
  void tell_node_component(const name& who);
  void tell_services();
  void tell_cascades();
  void find_cascade(size_t k);
  void join_tree(failure& earlier, failure& later, bulwark::cascade_link by);
  bulwark::cascade_link link(const name& a, const name& b, size_t i) const;
  std::string service_of(const name& who, size_t i) const;
  std::vector<std::string> declared(const name& who, const char* key,
                                    size_t i) const;
  bool is_service(const name& who, size_t i) const;
  span within(const std::vector<how>& was, bulwark::duration window) const;
  bulwark::availabilities shares(const std::vector<how>& was,
                                 bulwark::duration window) const;
  bulwark::component_report told(const story& of,
                                 const bulwark::report_query& query) const;
  void add_system(bulwark::fault_tolerance_report& out,
                  const bulwark::report_query& query) const;
  void add_patterns(bulwark::fault_tolerance_report& out) const;
  void add_budgets(bulwark::fault_tolerance_report& out,
                   const bulwark::report_query& query) const;
  void add_gaps(bulwark::fault_tolerance_report& out) const;

  int64_t now_;
  std::vector<bulwark::event> all_;
  std::vector<entry> entries_;
  std::map<std::string, node_story> nodes_;

  // By node and path, with their ids for the order; cluster services have
  // "service" and their name.
  std::map<name, story> stories_;
  std::map<std::string, const story*> by_id_;
  std::vector<failure> failures_;
  std::vector<bulwark::cascade_tree> trees_;
  uint64_t close_failures_ = 0;
  uint64_t cascades_ = 0;
};
