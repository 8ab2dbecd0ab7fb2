#include <bulwark/http/client.hpp>
#include <bulwark/node/detail/alert_hook.hpp>
#include <bulwark/options/detail/hook_url.hpp>
#include <bulwark/process/detail/shell_command.hpp>
#include <bulwark/text/detail/json_writer.hpp>
#include <bulwark/text/wall_time_text.hpp>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

namespace bulwark::detail {

namespace {

using clock = std::chrono::steady_clock;

/// Returns "", or what went wrong.
std::string post(const std::string& url, const std::string& body,
                 duration limit, const std::atomic<bool>& give_up) {
  try {
    auto [at, path] = *parse_hook_url(url);
    http_client client{at.host, at.port, &give_up};
    auto reply = client.request("POST", path, body, limit,
                                {{"content-type", "application/json"}});
    if (reply.status >= 200 && reply.status < 300)
      return "";
    return "was answered " + std::to_string(reply.status);
  } catch (const std::exception& e) {
    return e.what();
  }
}

} // namespace

std::string to_json(const alert_change& what, const std::string& node) {
  json_writer out;
  out.begin_object()
    .pair("id", what.what.id)
    .pair("state", what.raised ? "raised" : "resolved")
    .pair("severity", what.what.critical ? "critical" : "medium")
    .pair("figure", what.what.figure)
    .pair("words", what.what.words)
    .pair("since", to_text(what.what.since))
    .pair("node", node)
    .end_object();
  return out.text() + '\n';
}

struct alert_hook::state {
  struct waiting {
    alert_change what;
    clock::time_point due{};
    duration delay{0};
  };

  explicit state(alert_hook_options given) : options(std::move(given)) {}

  void work() {
    std::unique_lock guard{lock};
    while (!ending) {
      auto next = std::min_element(
        queue.begin(), queue.end(),
        [](const auto& a, const auto& b) { return a.due < b.due; });
      if (next == queue.end()) {
        wake.wait(guard);
        continue;
      }
      auto due = std::max(next->due, free_at);
      if (clock::now() < due) {
        wake.wait_until(guard, due);
        continue;
      }
      auto each = std::move(*next);
      queue.erase(next);
      guard.unlock();
      auto failure = tell(each.what);
      guard.lock();
      free_at = clock::now() + options.gap;
      if (!failure.empty())
        try_later(std::move(each), failure);
    }
  }

  std::string tell(const alert_change& what) {
    auto text = to_json(what, options.node);
    std::string result;
    if (!options.command.empty())
      result =
        run_shell_command(options.command, text, options.time_limit, ending);
    if (!result.empty())
      return "the command " + result;
    if (!options.url.empty())
      result = post(options.url, text, options.time_limit, ending);
    return result.empty() ? "" : options.url + ": " + result;
  }

  /// Unless the same alert has changed meanwhile.
  void try_later(waiting each, const std::string& failure) {
    if (each.delay == duration::zero() && on_failure)
      on_failure(failure);
    each.delay = each.delay == duration::zero()
                   ? options.retry_initial
                   : std::min(each.delay * 2, options.retry_max);
    each.due = clock::now() + each.delay;
    if (find(each.what.what.id) != queue.end())
      return;
    if (queue.size() < waiting_max)
      queue.push_back(std::move(each));
    else
      tell_dropped(each.what);
  }

  void tell_dropped(const alert_change& what) const {
    if (on_failure)
      on_failure("too many alerts wait; " + what.what.id + " is not told");
  }

  std::deque<waiting>::iterator find(const std::string& id) {
    return std::find_if(queue.begin(), queue.end(), [&](const auto& each) {
      return each.what.what.id == id;
    });
  }

  alert_hook_options options;
  std::function<void(const std::string&)> on_failure;
  std::mutex lock;
  std::condition_variable wake;
  std::deque<waiting> queue;
  clock::time_point free_at{};
  std::atomic<bool> ending{false};
  std::thread thread;
};

alert_hook::alert_hook(alert_hook_options options)
  : state_(std::make_shared<state>(std::move(options))) {
  state_->thread = std::thread{[s = state_] { s->work(); }};
}

alert_hook::~alert_hook() {
  {
    std::lock_guard guard{state_->lock};
    state_->ending = true;
  }
  state_->wake.notify_all();
  state_->thread.join();
}

void alert_hook::on_failure(std::function<void(const std::string&)> then) {
  std::lock_guard guard{state_->lock};
  state_->on_failure = std::move(then);
}

void alert_hook::put(const alert_change& what) noexcept {
  try {
    std::lock_guard guard{state_->lock};
    auto known = state_->find(what.what.id);
    if (known != state_->queue.end())
      *known = {what, {}, {}};
    else if (state_->queue.size() < waiting_max)
      state_->queue.push_back({what, {}, {}});
    else
      state_->tell_dropped(what);
    state_->wake.notify_all();
  } catch (...) {
    // Without memory for it: it is in the log, and in the ledger.
  }
}

} // namespace bulwark::detail
