#include "reports/render/srgb_profile.hpp"

#include <cmath>
#include <cstdint>
#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

namespace answerable::render {
namespace {

void append_word(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) out.push_back(static_cast<char>(value >> shift & 0xFF));
}

/// s15Fixed16Number (ICC.1:2010, 4.6)
void append_fixed(std::string& out, std::initializer_list<double> values) {
  for (const double value : values)
    append_word(out, static_cast<std::uint32_t>(static_cast<std::int32_t>(std::lround(value * 65536))));
}

std::string typed(std::string_view type) {
  return std::string(type) + std::string(4, '\0');
}

std::string fixed_array(std::string_view type, std::initializer_list<double> values) {
  std::string out = typed(type);
  append_fixed(out, values);
  return out;
}

/// 10.15: one text, in English.
std::string localised(std::string_view ascii) {
  std::string out = typed("mluc");
  append_word(out, 1);
  append_word(out, 12);
  out += "enGB";
  append_word(out, static_cast<std::uint32_t>(ascii.size()) * 2);
  append_word(out, 28);
  for (const char c : ascii) (out += '\0') += c;
  return out;
}

/// 10.18, function 3: a power, and a line near black.
std::string transfer_curve() {
  std::string out = typed("para");
  append_word(out, 3U << 16);
  append_fixed(out, {2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045});
  return out;
}

/// The white of the profile connection space, D50 (7.2.16).
constexpr std::initializer_list<double> d50{0.9642, 1.0, 0.8249};

}  // namespace

std::string srgb_profile() {
  // The primaries of sRGB, adapted from D65 to D50 by the matrix in `chad`.
  const std::vector<std::pair<std::string_view, std::string>> tags{
      {"desc", localised("sRGB IEC61966-2.1")},
      {"cprt", localised("No copyright, use freely")},
      {"wtpt", fixed_array("XYZ ", d50)},
      {"chad", fixed_array("sf32", {1.047882, 0.022919, -0.050201, 0.029587, 0.990479, -0.017059, -0.009232, 0.015076,
                                    0.751678})},
      {"rXYZ", fixed_array("XYZ ", {0.436066, 0.222488, 0.013916})},
      {"gXYZ", fixed_array("XYZ ", {0.385147, 0.716873, 0.097076})},
      {"bXYZ", fixed_array("XYZ ", {0.143066, 0.060608, 0.714096})},
      {"rTRC", transfer_curve()},
      {"gTRC", transfer_curve()},
      {"bTRC", transfer_curve()}};

  std::string table, data;
  append_word(table, static_cast<std::uint32_t>(tags.size()));
  const std::size_t data_at = 128 + 4 + 12 * tags.size();
  for (const auto& [name, value] : tags) {
    data.append((4 - data.size() % 4) % 4, '\0');
    table += name;
    append_word(table, static_cast<std::uint32_t>(data_at + data.size()));
    append_word(table, static_cast<std::uint32_t>(value.size()));
    data += value;
  }
  data.append((4 - data.size() % 4) % 4, '\0');

  // 7.2: what is not said is zero.
  std::string header;
  append_word(header, static_cast<std::uint32_t>(data_at + data.size()));
  header.append(4, '\0');
  append_word(header, 0x04300000);
  header += "mntrRGB XYZ ";
  for (const int part : {2026, 1, 1, 0, 0, 0}) {
    header.push_back(static_cast<char>(part >> 8));
    header.push_back(static_cast<char>(part & 0xFF));
  }
  header += "acsp";
  header.append(28, '\0');
  append_fixed(header, d50);
  header.resize(128, '\0');
  return header + table + data;
}

}  // namespace answerable::render
