#pragma once

namespace answerable::render {

// ISO 216 A4, in points.
inline constexpr double page_width = 595.276;
inline constexpr double page_height = 841.89;
inline constexpr double margin_left = 54;
inline constexpr double margin_right = 54;
inline constexpr double body_top = 68;
inline constexpr double body_bottom = page_height - 66;
inline constexpr double body_width = page_width - margin_left - margin_right;
inline constexpr double body_height = body_bottom - body_top;
/// Where the running head and the foot stand.
inline constexpr double head_top = 36;
inline constexpr double foot_top = page_height - 46;

}  // namespace answerable::render
