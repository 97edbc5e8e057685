#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "ingest/http/message.hpp"
#include "ingest/intake/intake.hpp"

namespace answerable::service {

http::Response json_answer(int status, const nlohmann::ordered_json& document);
/// Where the receipt can be asked for again.
std::string location_of(const intake::Receipt& receipt);

/// What a sender is told of a file: JSON with the receipt (201; 200 for the same file again), or a problem (422, RFC
/// 9457) when records were held or the whole file refused: with every fault, and the receipt of what is in. As text/csv
/// or text/html when Accept asks for it.
http::Response answer_to(const http::Request& request, const intake::Answer& answer);
/// 200 and what submit would have said; nothing was stored.
http::Response answer_to(const http::Request& request, const intake::CheckReport& report);

}  // namespace answerable::service
