#include "ingest/service/fault_page.hpp"

#include <fmt/format.h>

#include "ingest/cli/output.hpp"
#include "ingest/html_escape.hpp"
#include "ingest/intake/faults.hpp"

namespace answerable::service {
namespace {

std::string escaped(std::string_view text) {
  std::string out;
  append_escaped(out, cli::printable(std::string(text)));
  return out;
}

std::string row(const Fault& fault) {
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
      intake::word(fault.severity), fault.line > 0 ? fmt::format("{}:{}", fault.line, fault.column) : "",
      escaped(fault.record_id), escaped(fault.field), escaped(fault.sent), escaped(fault.problem),
      escaped(fault.expected), escaped(fault.mend));
}

}  // namespace

std::string fault_page(std::string_view title, std::string_view detail, std::span<const Fault> faults) {
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><title>{0} – Answerable</title></head>\n"
      "<body><main><h1>{0}</h1>\n<p>{1}</p>\n",
      escaped(title), escaped(detail));
  if (!faults.empty()) {
    out +=
        "<table><caption>What was found, in file order</caption>\n<thead><tr><th scope=\"col\">How serious</th>"
        "<th scope=\"col\">Line and column</th><th scope=\"col\">Record</th><th scope=\"col\">Where</th>"
        "<th scope=\"col\">What was sent</th><th scope=\"col\">What is wrong</th><th scope=\"col\">What was "
        "expected</th>"
        "<th scope=\"col\">How to mend it</th></tr></thead>\n<tbody>\n";
    for (const Fault& fault : faults) out += row(fault);
    out += "</tbody></table>\n";
  }
  return out + "</main></body></html>\n";
}

}  // namespace answerable::service
