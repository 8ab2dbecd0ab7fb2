#pragma once

namespace bulwark {

/// Has the line of `what` brought to this processor, to be changed there, while
/// the caller does something else first. A hint: nothing else follows from it.
///
/// Safe to call from any thread.
inline void prefetch_to_change(const void* what) noexcept {
#if defined(__x86_64__)
  // Unless it may use newer instructions, the compiler would fetch a copy to
  // read, which has to be asked for again. Processors without this one skip it.
  asm volatile("prefetchw %0" : : "m"(*static_cast<const char*>(what)));
#else
  __builtin_prefetch(what, 1);
#endif
}

} // namespace bulwark
