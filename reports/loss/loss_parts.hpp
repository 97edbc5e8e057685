#pragma once

// Private to reports/loss: the parts of the page and their words.

#include <string>
#include <vector>

#include "audit/loss/loss.hpp"
#include "reports/render/document.hpp"

namespace answerable::pages {

using Blocks = std::vector<render::Block>;

/// "record 9"; "entered by the officer"
std::string where_from(std::int64_t record);
/// "records 3 and 9"
std::string records_words(const std::vector<std::int64_t>& records);
/// "£120.00", "£100.00 to £120.00", "not known"
std::string sum_words(std::optional<loss::Pennies> lowest, std::optional<loss::Pennies> highest);
/// "5 December 2013", "1 to 31 December 2013" in full: "between 1 December 2013 and 31 December 2013"
std::string span_words(const loss::Span& open);
/// "Due: £98.36 a week × 427 days ÷ 7. Rate: record 5."
std::string term_words(const loss::Term& term);
/// What a stop, change or remedy held and not worked out is, and why.
std::string shown_words(const loss::Shown& shown);
/// Hours for minutes or hundredths, to two decimals: "12.5 hours"
std::string hours_words(std::int64_t hundredths);

render::Table ends_table(const std::vector<loss::End>& ends, bool running, Day as_of);
render::BulletList missing_list(const std::vector<loss::Missing>& missing);

void add_payments(Blocks& blocks, const loss::LostPayments& lost, Day as_of);
void add_services(Blocks& blocks, const loss::Loss& loss);

}  // namespace answerable::pages
