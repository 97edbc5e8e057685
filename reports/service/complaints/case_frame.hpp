#pragma once

#include <string_view>
#include <variant>

#include "reports/service/complaints/pieces.hpp"
#include "reports/service/complaints/register.hpp"
#include "reports/service/page.hpp"
#include "reports/service/visit.hpp"

namespace answerable::service {

/// A complaint that is assigned to whoever asks, about somebody whose record they have opened.
struct OpenCase {
  Complaint complaint;
  RuleShelf::Lent rules;
};

/// The complaint in the path, or the page that says why it is not shown: 404 when there is none of theirs, whether or
/// not there is one; 403 with the way to open the record when they have not said what for.
std::variant<OpenCase, http::Response> open_case(Visit& visit, pg::Connection& records);

/// What stands at the top of every page of a complaint: its reference, whose it is to answer, ways to its other pages.
/// \param here the page's own part of the path; "" for the overview
Page case_page(const Visit& visit, const Complaint& complaint, std::string_view here);

/// Answers a door of a complaint. \param use called with the connection and the case
template <class Use>
http::Response in_open_case(Visit& visit, const Use& use) {
  const auto records = visit.records();
  auto found = open_case(visit, *records);
  if (auto* no = std::get_if<http::Response>(&found)) return std::move(*no);
  return use(*records, std::get<OpenCase>(found));
}

}  // namespace answerable::service
