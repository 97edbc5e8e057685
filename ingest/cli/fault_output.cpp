#include "ingest/cli/fault_output.hpp"

#include <fmt/format.h>

#include <array>
#include <iterator>
#include <nlohmann/json.hpp>

#include "ingest/cli/output.hpp"
#include "ingest/cli/program.hpp"
#include "ingest/intake/faults.hpp"

namespace answerable::cli {
namespace {

using nlohmann::ordered_json;

std::string csv_field(std::string_view text) {
  std::string out{"\""};
  if (!text.empty() && std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos) out.push_back('\'');
  for (const char c : text) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
  return out;
}

std::string place(const std::string& file, const Fault& fault) {
  std::string text = file;
  if (fault.line > 0) text += fmt::format(":{}:{}", fault.line, fault.column);
  if (!fault.record_id.empty()) text += fmt::format(", record {}", fault.record_id);
  return text;
}

std::string sent(const Fault& fault) {
  return fault.sent.empty() ? "" : fmt::format(", sent \"{}\"", fault.sent);
}

std::string heading(const intake::FaultGroup& group) {
  std::string text{intake::word(group.severity)};
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  text += "  " + group.code;
  if (!group.field.empty()) text += "  in " + group.field;
  if (group.count > 1) text += fmt::format("  ({} times)", grouped(static_cast<std::int64_t>(group.count)));
  return text + "\n";
}

}  // namespace

std::string fault_text(const std::string& file, std::span<const Fault> faults) {
  std::string out;
  const auto to = std::back_inserter(out);
  for (const intake::FaultGroup& group : intake::group_faults(faults)) {
    const Fault& first = group.examples.front();
    out += heading(group);
    fmt::format_to(to, "  {}{}\n  {}\n", place(file, first), sent(first), first.problem);
    if (!first.expected.empty()) fmt::format_to(to, "  Expected: {}\n", first.expected);
    if (!first.mend.empty()) fmt::format_to(to, "  To mend:  {}\n", first.mend);
    for (std::size_t i = 1; i < group.examples.size(); ++i)
      fmt::format_to(to, "  Also at   {}{}\n", place(file, group.examples[i]), sent(group.examples[i]));
    if (group.count > group.examples.size())
      fmt::format_to(to, "  and {} more\n", grouped(static_cast<std::int64_t>(group.count - group.examples.size())));
    out += '\n';
  }
  return printable(out);
}

ordered_json fault_json(const Fault& fault) {
  return {{"severity", intake::word(fault.severity)},
          {"code", fault.code},
          {"line", fault.line},
          {"column", fault.column},
          {"record_id", fault.record_id},
          {"field", fault.field},
          {"sent", fault.sent},
          {"problem", fault.problem},
          {"expected", fault.expected},
          {"mend", fault.mend}};
}

ordered_json fault_groups_json(std::span<const Fault> faults) {
  ordered_json groups = ordered_json::array();
  for (const intake::FaultGroup& group : intake::group_faults(faults)) {
    ordered_json examples = ordered_json::array();
    for (const Fault& fault : group.examples) examples.push_back(fault_json(fault));
    groups.push_back({{"severity", intake::word(group.severity)},
                      {"code", group.code},
                      {"field", group.field},
                      {"count", group.count},
                      {"examples", std::move(examples)}});
  }
  return groups;
}

const std::string_view fault_csv_header{
    "file,line,column,record_id,severity,code,field,sent,problem,expected,mend\r\n"};

std::string fault_csv_row(const std::string& file, const Fault& fault) {
  const std::array<std::string, 11> fields{file,
                                           std::to_string(fault.line),
                                           std::to_string(fault.column),
                                           fault.record_id,
                                           intake::word(fault.severity),
                                           fault.code,
                                           fault.field,
                                           fault.sent,
                                           fault.problem,
                                           fault.expected,
                                           fault.mend};
  std::string row;
  for (const std::string& field : fields) row += (row.empty() ? "" : ",") + csv_field(field);
  return row + "\r\n";
}

FaultFile::FaultFile(const std::filesystem::path& path) : path_(path), json_(path.extension() == ".json") {
  if (!json_ && path.extension() != ".csv") throw Failure(usage, "--faults wants a name that ends with .csv or .json");
  out_.open(path, std::ios::binary | std::ios::trunc);
  if (!out_)
    throw Failure(usage, fmt::format("{} cannot be written: check the folder and its permissions", path.string()));
  out_ << (json_ ? "[" : fault_csv_header);
}

void FaultFile::add(const std::string& file, const Fault& fault) {
  if (json_) {
    ordered_json one{{"file", file}};
    one.update(fault_json(fault));
    out_ << (first_ ? "\n" : ",\n") << one.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  } else {
    out_ << fault_csv_row(file, fault);
  }
  first_ = false;
}

void FaultFile::close() {
  if (json_) out_ << "\n]\n";
  out_.close();
  if (!out_) throw Failure(internal, fmt::format("{} could not be written whole: is the disk full?", path_.string()));
}

}  // namespace answerable::cli
