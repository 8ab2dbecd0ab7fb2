#pragma once

namespace bulwark {

/// The line of least squares through points that are told one after the other,
/// and how much of their variance it explains. Means and sums of products are
/// updated as in B. P. Welford, "Note on a Method for Calculating Corrected
/// Sums of Squares and Products", Technometrics 4 (1962), which loses no
/// digits:
///
///     slope     = Sxy / Sxx
///     explained = Sxy^2 / (Sxx Syy)          (the coefficient r^2)
///     t^2       = (n - 2) explained / (1 - explained)
///
/// `t` is the slope in terms of its standard error (NIST/SEMATECH e-Handbook,
/// 4.4.3.1 and 4.1.4.1).
///
/// Confined to one actor.
class fitted_line {
public:
  void add(double x, double y) noexcept {
    ++count_;
    auto off_x = x - mean_x_;
    auto off_y = y - mean_y_;
    mean_x_ += off_x / count_;
    mean_y_ += off_y / count_;
    xx_ += off_x * (x - mean_x_);
    yy_ += off_y * (y - mean_y_);
    xy_ += off_x * (y - mean_y_);
  }

  [[nodiscard]] double mean() const noexcept { return mean_y_; }

  /// The mean of the squares of what the values are off their mean.
  [[nodiscard]] double variance() const noexcept {
    return count_ > 0 ? yy_ / count_ : 0;
  }

  /// 0 while all points have one x.
  [[nodiscard]] double slope() const noexcept {
    return xx_ > 0 ? xy_ / xx_ : 0;
  }

  [[nodiscard]] double at(double x) const noexcept {
    return mean_y_ + slope() * (x - mean_x_);
  }

  /// Share of the variance, 0 to 1; 0 where nothing varies.
  [[nodiscard]] double explained() const noexcept {
    return xx_ > 0 && yy_ > 0 ? xy_ * xy_ / (xx_ * yy_) : 0;
  }

  /// Whether the slope is at least `errors` standard errors away from 0.
  [[nodiscard]] bool is_certain(double errors) const noexcept {
    auto share = explained();
    return (count_ - 2) * share >= errors * errors * (1 - share) && share > 0;
  }

private:
  double count_ = 0;
  double mean_x_ = 0;
  double mean_y_ = 0;
  double xx_ = 0;
  double yy_ = 0;
  double xy_ = 0;
};

} // namespace bulwark
