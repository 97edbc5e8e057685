#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace answerable::http {

/// Which of these media types an Accept field asks for (RFC 9110 §12.5.1): the most wanted, the first of those wanted
/// alike. \param accept "" stands for a field that was not sent: anything
/// \return its index; nothing when none of them is acceptable
std::optional<std::size_t> preferred(std::string_view accept, std::span<const std::string_view> offered);

}  // namespace answerable::http
