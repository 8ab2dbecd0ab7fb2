#include "simulation/checkers/checkers.hpp"

#include <map>
#include <set>

namespace test::sim {

namespace {

class sends : public checker {
public:
  explicit sends(const observed& world)
    : checker(world), by_service_(world.where().services.size()) {}

  void on(const entry& what) override {
    switch (what.what) {
    case fact::asked:
      if (!what.request)
        by_service_[what.service].open.insert(what.message);
      return;
    case fact::handled:
      if (!what.request && by_service_[what.service].open.erase(what.message))
        by_service_[what.service].handled.insert(what.message);
      return;
    case fact::echoed:
      if (by_service_[what.service].handled.erase(what.message) == 0)
        broken("send " + std::to_string(what.message.client) + '.'
               + std::to_string(what.message.number)
               + " has an echo that it should not have");
      return;
    case fact::event:
      if (what.event->kind == bulwark::event_kind::dead_letter
          && what.node != none && at(what.node).service != none)
        by_service_[at(what.node).service].letters += stands_for(*what.event);
      return;
    case fact::quiet:
    case fact::stopped:
      for (size_t i = 0; i < by_service_.size(); ++i)
        check(world().where().services[i].name, by_service_[i]);
      return;
    default:
      return;
    }
  }

private:
  struct count {
    /// Never handled; handled and without an echo.
    std::set<message_name> open;
    std::set<message_name> handled;
    size_t letters = 0;
  };

  /// The monitor tells of dead letters once a second.
  static size_t stands_for(const bulwark::event& letters) {
    for (const auto& [key, value] : letters.metadata)
      if (key == "count")
        return std::stoul(value);
    return 1;
  }

  void check(const std::string& service, const count& it) const {
    if (it.letters < it.open.size())
      broken(service + " lost " + std::to_string(it.open.size())
             + " sends, but only " + std::to_string(it.letters)
             + " dead letters tell of it");
    if (it.letters > it.open.size() + it.handled.size())
      broken(service + " has " + std::to_string(it.letters)
             + " dead letters for " + std::to_string(it.open.size())
             + " sends that were lost and " + std::to_string(it.handled.size())
             + " without an echo");
  }

  std::vector<count> by_service_;
};

} // namespace

std::unique_ptr<checker> make_sends(const observed& world) {
  return std::make_unique<sends>(world);
}

} // namespace test::sim
