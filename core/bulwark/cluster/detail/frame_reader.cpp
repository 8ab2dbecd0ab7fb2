#include <bulwark/cluster/detail/frame_reader.hpp>

#include <algorithm>

namespace bulwark::detail {

namespace {

/// A buffer of more than this is not kept for the next frame.
constexpr size_t kept_max = 1024 * 1024;

} // namespace

bool frame_reader::read(std::string_view& bytes) {
  while (!bytes.empty() && refusal_ == nullptr) {
    auto whole = false;
    if (part_ == part::head) {
      auto some = std::min(bytes.size(), head_.size() - have_);
      std::copy_n(bytes.data(), some, head_.data() + have_);
      bytes.remove_prefix(some);
      have_ += some;
      whole = have_ == head_.size() && end_of_head();
    } else {
      auto some = std::min(bytes.size(), left_);
      if (part_ == part::payload) {
        make_room(some);
        payload_.insert(payload_.end(), bytes.data(), bytes.data() + some);
      }
      bytes.remove_prefix(some);
      left_ -= some;
      whole = left_ == 0 && end_of_payload();
    }
    if (whole)
      return true;
  }
  return false;
}

bool frame_reader::end_of_head() {
  have_ = 0;
  header_ = read_header(head_);
  if (payload_.capacity() > kept_max)
    payload_ = std::vector<char>{};
  payload_.clear();
  left_ = header_.payload;
  auto verdict = check_.header(header_);
  switch (verdict.what) {
  case frame_verdict::kind::take:
    part_ = left_ > 0 ? part::payload : part::head;
    return left_ == 0;
  case frame_verdict::kind::skip:
    part_ = left_ > 0 ? part::passed_over : part::head;
    return false;
  case frame_verdict::kind::refuse:
    refuse(verdict);
    return false;
  }
  return false;
}

bool frame_reader::end_of_payload() {
  auto passed = part_ == part::passed_over;
  part_ = part::head;
  if (passed)
    return false;
  auto verdict = check_.payload(header_, {payload_.data(), payload_.size()});
  if (verdict.what == frame_verdict::kind::refuse)
    refuse(verdict);
  return verdict.what == frame_verdict::kind::take;
}

/// Doubles, but never beyond what was announced and may be.
void frame_reader::make_room(size_t more) {
  auto needed = payload_.size() + more;
  if (needed > payload_.capacity())
    payload_.reserve(std::min<size_t>(header_.payload, 2 * needed));
}

} // namespace bulwark::detail
