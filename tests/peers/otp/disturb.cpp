#include "peers/otp/disturb.hpp"

#include <algorithm>

namespace test::otp {

namespace {

class disturber {
public:
  disturber(const std::string& cause, script_book& book, dice& chance)
    : book_(book),
      chance_(chance),
      parent_(book.find(book.find(cause).parent)),
      restarted_(restarted_with(cause)) {}

  void run() && {
    const auto deaths = chance_.below(3);
    const bool trapped = deaths > 0 && set_traps(deaths);
    if (!trapped || chance_.roll(1, 2))
      fail_start();
  }

private:
  bool restarts_alone() const {
    return parent_.strategy == restart_strategy::one_for_one
           || parent_.strategy == restart_strategy::simple_one_for_one;
  }

  std::vector<node> restarted_with(const std::string& cause) const {
    if (restarts_alone())
      return {book_.find(cause)};
    std::vector<node> result;
    bool from_here = parent_.strategy == restart_strategy::one_for_all;
    for (const auto& item : book_.children_of(parent_.id)) {
      from_here = from_here || item.id == cause;
      if (from_here && item.restart != restart_type::temporary)
        result.push_back(item);
    }
    return result;
  }

  // Returns whether there is somebody who can die.
  bool set_traps(size_t deaths) {
    // Two can only die before somebody who comes late.
    const auto& other =
      deaths > 1 ? restarted_.back() : chance_.pick(restarted_);
    std::vector<node> up;
    for (const auto& item : book_.workers_of(parent_.id))
      if (is_up(item, other))
        up.push_back(item);
    const bool any = !up.empty();
    for (; deaths > 0 && !up.empty(); --deaths) {
      const auto victim = chance_.pick(up);
      std::erase(up, victim);
      const auto how =
        chance_.roll(1, 2) ? exit_class::error : chance_.any<exit_class>(4);
      book_.add({.what = verb::die_during,
                 .id = victim.id,
                 .other = other.id,
                 .how = how});
    }
    return any;
  }

  // Returns whether `item` runs while `other` is started again: before the
  // first of the restarted nobody is stopped, after it they come in order.
  bool is_up(const node& item, const node& other) const {
    const auto begin = restarted_.begin();
    const auto place = std::find(begin, restarted_.end(), item);
    if (place != restarted_.end())
      return place < std::find(begin, restarted_.end(), other);
    const auto children = book_.children_of(parent_.id);
    return restarts_alone()
           || (parent_.strategy == restart_strategy::rest_for_one
               && std::find(children.begin(), children.end(), item)
                    < std::find(children.begin(), children.end(), *begin));
  }

  void fail_start() {
    std::vector<node> workers;
    std::vector<node> below;
    for (const auto& item : restarted_) {
      if (item.kind == node_kind::worker)
        workers.push_back(item);
      else
        below = book_.workers_of(item.id);
    }
    // The children of a supervisor are started with it, and the last one fails
    // when the others are up.
    const bool deep = !below.empty() && chance_.roll(1, 2);
    const auto id = deep ? below.back().id : chance_.pick(workers).id;
    const auto times = static_cast<uint32_t>(1 + chance_.below(2));
    book_.add({.what = verb::fail_start, .id = id, .times = times});
  }

  script_book& book_;
  dice& chance_;
  const node parent_;
  const std::vector<node> restarted_;
};

} // namespace

void disturb_restart(const std::string& cause, script_book& book,
                     dice& chance) {
  disturber{cause, book, chance}.run();
}

} // namespace test::otp
