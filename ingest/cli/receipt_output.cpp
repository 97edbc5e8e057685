#include "ingest/cli/receipt_output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "ingest/cli/fault_output.hpp"
#include "ingest/cli/output.hpp"

namespace answerable::cli {
namespace {

using intake::HeldRecord;
using nlohmann::ordered_json;

constexpr std::size_t held_shown = 10;

std::string held_text(const std::vector<HeldRecord>& records, std::int64_t count) {
  std::string out;
  const auto to = std::back_inserter(out);
  for (std::size_t i = 0; i < std::min(records.size(), held_shown); ++i) {
    const HeldRecord& record = records[i];
    fmt::format_to(to, "  held         line {}: {} {}\n", record.line,
                   record.kind.empty() ? "record of an unknown kind" : record.kind,
                   record.id.empty() ? "without an id" : record.id);
  }
  if (count > static_cast<std::int64_t>(held_shown))
    fmt::format_to(to, "  held         and {} more\n", grouped(count - static_cast<std::int64_t>(held_shown)));
  return out;
}

ordered_json held_json(const std::vector<HeldRecord>& records) {
  ordered_json all = ordered_json::array();
  for (const HeldRecord& record : records)
    all.push_back({{"held", record.held}, {"kind", record.kind}, {"id", record.id}, {"line", record.line}});
  return all;
}

ordered_json faults_json(const std::vector<Fault>& faults) {
  ordered_json all = ordered_json::array();
  for (const Fault& fault : faults) all.push_back(fault_json(fault));
  return all;
}

ordered_json day_json(const std::optional<Day>& day) {
  return day ? ordered_json(iso(*day)) : ordered_json(nullptr);
}

template <class T>
ordered_json or_null(const std::optional<T>& value) {
  return value ? ordered_json(*value) : ordered_json(nullptr);
}

}  // namespace

std::string receipt_text(const std::string& file, const intake::Receipt& receipt) {
  std::string out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "Receipt {}{}\n", receipt.id,
                 receipt.repeated ? "  (this file was taken in before; nothing was stored now)" : "");
  fmt::format_to(to, "  file         {}, {} bytes\n  SHA-256      {}\n", file,
                 grouped(static_cast<std::int64_t>(receipt.bytes)), hex(receipt.sha256));
  fmt::format_to(to, "  from         {} ({}), message {}\n", receipt.sender_name, receipt.sender, receipt.message_id);
  fmt::format_to(to, "  for          {} ({})\n", receipt.authority_name, receipt.authority);
  fmt::format_to(to, "  received     {}\n", iso(receipt.received_at));
  fmt::format_to(
      to, "  records      {} stored{}, {} held, {} held already\n", grouped(receipt.stored),
      receipt.first_record ? fmt::format(" as numbers {} to {}", *receipt.first_record, *receipt.last_record) : "",
      grouped(receipt.held), grouped(receipt.already_held));
  out += held_text(receipt.held_records, receipt.held) + '\n';
  return printable(out) + fault_text(file, receipt.faults);
}

ordered_json receipt_json(const intake::Receipt& receipt) {
  return {{"receipt", receipt.id},
          {"repeated", receipt.repeated},
          {"authority", receipt.authority},
          {"authority_name", receipt.authority_name},
          {"sender", receipt.sender},
          {"sender_name", receipt.sender_name},
          {"message_id", receipt.message_id},
          {"agreement", receipt.agreement},
          {"period_from", day_json(receipt.period_from)},
          {"period_to", day_json(receipt.period_to)},
          {"source_system", receipt.source_system},
          {"sha256", hex(receipt.sha256)},
          {"bytes", receipt.bytes},
          {"created_at", iso(receipt.created_at)},
          {"received_at", iso(receipt.received_at)},
          {"stored", receipt.stored},
          {"held", receipt.held},
          {"already_held", receipt.already_held},
          {"first_record", or_null(receipt.first_record)},
          {"last_record", or_null(receipt.last_record)},
          {"held_records", held_json(receipt.held_records)},
          {"fault_groups", fault_groups_json(receipt.faults)},
          {"faults", faults_json(receipt.faults)}};
}

std::string refusal_text(const std::string& file, const intake::Refusal& refusal) {
  return printable(fmt::format("Refused: {}. Nothing of it was stored.\n\n", file)) + fault_text(file, refusal.faults);
}

ordered_json refusal_json(const intake::Refusal& refusal) {
  return {{"refused", true},
          {"bytes", refusal.bytes},
          {"records", refusal.records},
          {"fault_groups", fault_groups_json(refusal.faults)},
          {"faults", faults_json(refusal.faults)}};
}

std::string check_text(const std::string& file, const intake::CheckReport& report) {
  if (report.taken_in_as)
    return printable(
        fmt::format("{}: this very file was taken in before, as {}. Sending it again would store nothing.\n", file,
                    report.taken_in_as->text()));
  if (report.refused)
    return printable(fmt::format("{}: would be refused; nothing of it would be stored.\n\n", file)) +
           fault_text(file, report.faults);
  return printable(
             fmt::format("{}: {} records; {} would be stored, {} held, {} are held already. Nothing was stored.\n{}\n",
                         file, grouped(static_cast<std::int64_t>(report.records)), grouped(report.would_store),
                         grouped(report.would_hold), grouped(report.already_held),
                         held_text(report.held_records, report.would_hold))) +
         fault_text(file, report.faults);
}

ordered_json check_json(const intake::CheckReport& report) {
  return {{"refused", report.refused},
          {"taken_in_as", report.taken_in_as ? ordered_json(report.taken_in_as->text()) : ordered_json(nullptr)},
          {"authority", report.authority},
          {"authority_name", report.authority_name},
          {"sender", report.sender},
          {"sender_name", report.sender_name},
          {"message_id", report.message_id},
          {"bytes", report.bytes},
          {"records", report.records},
          {"would_store", report.would_store},
          {"would_hold", report.would_hold},
          {"already_held", report.already_held},
          {"held_records", held_json(report.held_records)},
          {"fault_groups", fault_groups_json(report.faults)},
          {"faults", faults_json(report.faults)}};
}

std::string status_text(const std::string& database, int schema_version,
                        const std::vector<intake::CouncilStatus>& councils) {
  std::string out = fmt::format("Database {}, migration {}\n", database, schema_version);
  const auto to = std::back_inserter(out);
  if (councils.empty()) out += "Nothing has been taken in yet.\n";
  for (const intake::CouncilStatus& council : councils) {
    fmt::format_to(
        to,
        "\n{} ({})\n  {} records about {} people, agreements and the council, from {} submissions; {} records held\n",
        council.name, council.authority, grouped(council.records), grouped(council.subjects),
        grouped(council.submissions), grouped(council.held));
    if (council.last_received) fmt::format_to(to, "  last received {}\n", iso(*council.last_received));
    for (const auto& sender : council.senders)
      fmt::format_to(to, "  from {} ({}): {} submissions, {} records, {} held, last {}\n", sender.name, sender.key,
                     grouped(sender.submissions), grouped(sender.records), grouped(sender.held),
                     iso(sender.last_received));
  }
  return printable(out);
}

ordered_json status_json(const std::string& database, int schema_version,
                         const std::vector<intake::CouncilStatus>& councils) {
  ordered_json all = ordered_json::array();
  for (const intake::CouncilStatus& council : councils) {
    ordered_json senders = ordered_json::array();
    for (const auto& sender : council.senders)
      senders.push_back({{"sender", sender.key},
                         {"name", sender.name},
                         {"submissions", sender.submissions},
                         {"records", sender.records},
                         {"held", sender.held},
                         {"last_received", iso(sender.last_received)}});
    all.push_back(
        {{"authority", council.authority},
         {"name", council.name},
         {"records", council.records},
         {"subjects", council.subjects},
         {"submissions", council.submissions},
         {"held", council.held},
         {"last_received", council.last_received ? ordered_json(iso(*council.last_received)) : ordered_json(nullptr)},
         {"senders", std::move(senders)}});
  }
  return {{"database", database}, {"schema_version", schema_version}, {"councils", std::move(all)}};
}

}  // namespace answerable::cli
