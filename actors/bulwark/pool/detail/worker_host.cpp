#include <bulwark/pool/detail/worker_host.hpp>

#include <caf/actor_system.hpp>
#include <pthread.h>

#include <atomic>
#include <condition_variable>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

namespace bulwark::detail {

namespace {

/// What a thread and its host share.
class bench {
public:
  explicit bench(caf::actor_system& sys) : sys_(&sys) {
    sys.inc_detached_threads();
  }

  void put(worker_host::job what) {
    {
      std::lock_guard guard{lock_};
      job_ = std::move(what);
    }
    changed_.notify_one();
  }

  void end() {
    {
      std::lock_guard guard{lock_};
      ending_ = true;
    }
    changed_.notify_one();
  }

  /// The actor system does not wait for this thread any more.
  void let_go() {
    if (counted_.exchange(false))
      sys_->dec_detached_threads();
  }

  void work() {
    while (auto what = take()) {
      try {
        what();
      } catch (...) {
        // A job tells of its failures by itself.
      }
    }
    let_go();
  }

private:
  worker_host::job take() {
    std::unique_lock guard{lock_};
    changed_.wait(guard, [this] { return ending_ || job_; });
    return std::exchange(job_, nullptr);
  }

  caf::actor_system* sys_;
  std::atomic<bool> counted_{true};
  std::mutex lock_;
  std::condition_variable changed_;
  worker_host::job job_;
  bool ending_ = false;
};

class system_threads : public worker_host {
public:
  system_threads(caf::actor_system& sys, const std::string& name)
    : sys_(sys), name_(name.substr(0, name_max)) {}

  ~system_threads() override {
    for (auto& [number, each] : threads_) {
      each->end();
      each->let_go();
    }
  }

  bool run(uint64_t worker, job what) override {
    auto known = threads_.find(worker);
    if (known == threads_.end()) {
      auto fresh = start();
      if (!fresh)
        return false;
      known = threads_.emplace(worker, std::move(fresh)).first;
    }
    known->second->put(std::move(what));
    return true;
  }

  void end(uint64_t worker) override {
    if (auto known = threads_.extract(worker))
      known.mapped()->end();
  }

  void abandon(uint64_t worker) override {
    if (auto known = threads_.extract(worker)) {
      known.mapped()->end();
      known.mapped()->let_go();
    }
  }

private:
  // Linux shows no more.
  static constexpr size_t name_max = 15;

  std::shared_ptr<bench> start() {
    auto result = std::make_shared<bench>(sys_);
    try {
      std::thread{[result, name = name_] {
        pthread_setname_np(pthread_self(), name.c_str());
        result->work();
      }}.detach();
      return result;
    } catch (const std::system_error&) {
      result->let_go();
      return nullptr;
    }
  }

  caf::actor_system& sys_;
  std::string name_;
  std::map<uint64_t, std::shared_ptr<bench>> threads_;
};

} // namespace

std::unique_ptr<worker_host> make_worker_host(caf::actor_system& sys,
                                              const std::string& name) {
  return std::make_unique<system_threads>(sys, name);
}

} // namespace bulwark::detail
