#pragma once

#include <bulwark/pool/detail/worker_host.hpp>

#include <deque>
#include <memory>
#include <set>
#include <utility>

namespace test {

/// What threads would do, done when the test says so and in its own thread.
///
/// Confined to one thread.
class manual_threads {
public:
  using job = bulwark::detail::worker_host::job;

  /// Returns a host whose jobs come here.
  std::unique_ptr<bulwark::detail::worker_host> host() {
    return std::make_unique<recorder>(state_);
  }

  /// Does the job that has waited longest. Returns false if there is none.
  bool do_one() {
    if (state_->jobs.empty())
      return false;
    auto what = std::move(state_->jobs.front());
    state_->jobs.pop_front();
    what();
    return true;
  }

  size_t waiting() const { return state_->jobs.size(); }

  /// Threads that were started and have not been told to end.
  size_t threads() const { return state_->threads.size(); }

  size_t abandoned() const { return state_->abandoned; }

  /// Has the system give no more threads.
  void exhaust(bool yes) { state_->exhausted = yes; }

private:
  struct state {
    std::deque<job> jobs;
    std::set<uint64_t> threads;
    size_t abandoned = 0;
    bool exhausted = false;
  };

  class recorder : public bulwark::detail::worker_host {
  public:
    explicit recorder(std::shared_ptr<state> to) : state_(std::move(to)) {}

    bool run(uint64_t worker, job what) override {
      if (state_->exhausted && !state_->threads.contains(worker))
        return false;
      state_->threads.insert(worker);
      state_->jobs.push_back(std::move(what));
      return true;
    }

    void end(uint64_t worker) override { state_->threads.erase(worker); }

    void abandon(uint64_t worker) override {
      state_->threads.erase(worker);
      ++state_->abandoned;
    }

  private:
    std::shared_ptr<state> state_;
  };

  std::shared_ptr<state> state_ = std::make_shared<state>();
};

} // namespace test
