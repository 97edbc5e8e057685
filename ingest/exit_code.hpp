#pragma once

/// What every program tells the shell.
namespace answerable::exit_code {

inline constexpr int done = 0;
inline constexpr int findings = 1;  ///< findings or held records, only where --exit-code asked for it
inline constexpr int usage = 2;
inline constexpr int refused = 3;   ///< input refused
inline constexpr int database = 4;
inline constexpr int internal = 5;

}  // namespace answerable::exit_code
