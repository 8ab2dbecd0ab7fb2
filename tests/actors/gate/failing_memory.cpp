#include "actors/gate/failing_memory.hpp"

#include <cstdlib>
#include <new>

namespace {

thread_local int until_failure = 0; // 0: none fails.
thread_local bool goes_on = false;
thread_local bool any_failed = false;
thread_local bool counts = false;
thread_local int so_far = 0;

bool fails() noexcept {
  so_far += counts ? 1 : 0;
  if (until_failure == 0)
    return false;
  if (until_failure > 1) {
    --until_failure;
    return false;
  }
  until_failure = goes_on ? 1 : 0;
  any_failed = true;
  return true;
}

void* checked(void* memory) {
  if (memory == nullptr)
    throw std::bad_alloc();
  return memory;
}

} // namespace

void* operator new(std::size_t size) {
  return checked(fails() ? nullptr : std::malloc(size));
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  auto step = static_cast<std::size_t>(alignment);
  auto whole = (size + step - 1) / step * step;
  return checked(fails() ? nullptr : std::aligned_alloc(step, whole));
}

void operator delete(void* memory) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}

void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}

namespace test {

failing_memory::failing_memory(int first, bool all) noexcept {
  until_failure = first;
  goes_on = all;
  any_failed = false;
  so_far = 0;
  counts = true;
}

failing_memory::~failing_memory() {
  until_failure = 0;
  counts = false;
}

int failing_memory::counted() noexcept {
  return so_far;
}

bool failing_memory::failed() noexcept {
  return any_failed;
}

} // namespace test
