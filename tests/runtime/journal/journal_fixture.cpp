#include "runtime/journal/journal_fixture.hpp"

#include <algorithm>
#include <chrono>
#include <future>
#include <stdexcept>

namespace test {

using namespace bulwark;

namespace {

constexpr std::chrono::seconds patience{20};

} // namespace

journal_options journal_fixture::options() const {
  journal_options result;
  result.path = path();
  result.node = node;
  return result;
}

std::vector<std::string> journal_fixture::files(const std::string& part) const {
  std::vector<std::string> result;
  for (const auto& entry : std::filesystem::directory_iterator{folder()})
    if (auto name = entry.path().filename().string();
        name.find(part) != std::string::npos)
      result.push_back(name);
  std::sort(result.begin(), result.end());
  return result;
}

event numbered(uint64_t sequence, event_kind kind) {
  event what;
  what.kind = kind;
  what.node = journal_fixture::node;
  what.boot = 1;
  what.sequence = sequence;
  return what;
}

journal_listener::journal_listener(journal& to)
  : from_(to), told_(to.positions()) {
  to.on_durable([this](const std::vector<event_position>& moved) {
    std::lock_guard guard{lock_};
    told_.insert(told_.end(), moved.begin(), moved.end());
    changed_.notify_all();
  });
  to.on_state([this](journal_state state, const std::string& text) {
    std::lock_guard guard{lock_};
    texts_.push_back(to_string(state) + ": " + text);
    changed_.notify_all();
  });
}

journal_listener::~journal_listener() {
  from_.on_durable({});
  from_.on_state({});
}

void journal_listener::wait(const std::function<bool()>& condition) {
  std::unique_lock guard{lock_};
  if (changed_.wait_for(guard, patience, condition))
    return;
  std::string said;
  for (const auto& text : texts_)
    said += "\n" + text;
  throw std::runtime_error{"the journal told nothing in time; it said:" + said};
}

void journal_listener::await(uint64_t upto, const std::string& node,
                             uint64_t boot) {
  auto is_there = [&](const event_position& known) {
    return known.node == node && known.boot == boot && known.upto >= upto;
  };
  wait([&] {
    return upto == 0 || std::any_of(told_.begin(), told_.end(), is_there);
  });
}

std::string journal_listener::await_text(const std::string& part) {
  std::string result;
  wait([&] {
    while (seen_ < texts_.size())
      if (const auto& text = texts_[seen_++];
          text.find(part) != std::string::npos) {
        result = text;
        return true;
      }
    return false;
  });
  return result;
}

uint64_t journal_listener::upto() const {
  std::lock_guard guard{lock_};
  uint64_t result = 0;
  for (const auto& known : told_)
    if (known.node == journal_fixture::node && known.boot == 1)
      result = known.upto;
  return result;
}

std::vector<std::string> journal_listener::texts() const {
  std::lock_guard guard{lock_};
  return texts_;
}

std::vector<event> read_events(event_store& from, const std::string& node,
                               uint64_t boot, uint64_t first, size_t max) {
  auto answer = std::make_shared<std::promise<std::vector<event>>>();
  auto found = answer->get_future();
  from.read(node, boot, first, max, [answer](std::vector<event> events) {
    answer->set_value(std::move(events));
  });
  if (found.wait_for(patience) != std::future_status::ready)
    throw std::runtime_error{"nobody answered a read"};
  return found.get();
}

std::vector<uint64_t> read(event_store& from, uint64_t first, size_t max,
                           const std::string& node, uint64_t boot) {
  std::vector<uint64_t> result;
  for (const auto& what : read_events(from, node, boot, first, max))
    result.push_back(what.sequence);
  return result;
}

} // namespace test
