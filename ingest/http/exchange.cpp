#include "ingest/http/exchange.hpp"

#include <fmt/format.h>

#include <istream>
#include <utility>

#include "ingest/http/answer_head.hpp"
#include "ingest/http/answer_writer.hpp"
#include "ingest/http/body_reader.hpp"
#include "ingest/http/syntax.hpp"

namespace answerable::http {
namespace {

bool announces_body(const Head& head) {
  return head.chunked || head.length.value_or(0) != 0;
}

/// What can be told from the head: whether this route takes such a body. \throws Problem
ContentDigest check_announced(const Head& head, const Route& route) {
  if (route.body == Body::none) {
    if (announces_body(head)) throw Problem{.status = 413, .detail = "No body is taken here."};
    return ContentDigest({});
  }
  if (!head.chunked && !head.length)
    throw Problem{.status = 411, .detail = "State the length of the body with Content-Length."};
  if (!same_word(head.headers.find("content-encoding").value_or("identity"), "identity"))
    throw Problem{.status = 415,
                  .detail = "Compressed bodies are not taken. Send it as it is, without Content-Encoding.",
                  .headers = {{"Accept-Encoding", "identity"}}};
  if (head.length.value_or(0) > route.body_cap)
    throw Problem{.status = 413,
                  .detail = fmt::format("The body has {} bytes: at most {} are taken.", *head.length, route.body_cap)};
  ContentDigest digest(head.headers.find("content-digest").value_or(""));
  if (head.chunked && !digest.promises())
    throw Problem{.status = 411,
                  .detail =
                      "A body in chunks needs a Content-Digest with sha-256 or sha-512 (RFC 9530), so that one that "
                      "is cut off is told from a whole one. Or state its length with Content-Length."};
  return digest;
}

Request request_of(const Head& head, const Connection& connection) {
  return {.method = head.method,
          .path = head.path,
          .query = head.query,
          .headers = head.headers,
          .content_type = head.content_type,
          .peer = connection.peer()};
}

class Exchange {
 public:
  Exchange(Connection& connection, const Desk& desk)
      : connection_(connection), desk_(desk), sender_(connection, desk.limits) {}

  After refuse(const Problem& problem) {
    request_.peer = connection_.peer();
    send(show(problem), After::end);
    return report(After::end);
  }

  After answer(const Head& head) {
    request_ = request_of(head, connection_);
    After after = head.closes || desk_.stopping ? After::end : After::next;
    const Response response = respond(head, after);
    send(response, after);
    return report(after);
  }

 private:
  Response respond(const Head& head, After& after) {
    try {
      const Route& route = find_route();
      BodyReader body(connection_, head, check_announced(head, route), route.body_cap, desk_.limits);
      Response response = handle(route, body);
      if (!body.at_end() || body.fault()) after = After::end;
      answered_.received = body.received();
      return response;
    } catch (const Problem& problem) {
      after = After::end;  // whatever follows was sent by somebody who is mistaken
      return show(problem);
    }
  }

  const Route& find_route() {
    auto found = desk_.router.find(request_.method, request_.path);
    if (auto* problem = std::get_if<Problem>(&found)) throw std::move(*problem);
    auto& match = std::get<Router::Match>(found);
    request_.parameters = std::move(match.parameters);
    request_.route = match.route->path;
    return *match.route;
  }

  Response handle(const Route& route, BodyReader& body) {
    std::istream stream(&body);
    stream.exceptions(std::ios::badbit);
    try {
      if (route.body == Body::buffered) request_.body = body.read_all();
      if (route.body == Body::streamed) request_.stream = &stream;
      Response response = route.handle(request_);
      if (body.fault()) std::rethrow_exception(body.fault());  // whatever the handler made of it
      return response;
    } catch (const BodyFault& fault) {
      return show({.status = fault.status, .detail = fault.what()});
    } catch (const Problem& problem) {
      return show(problem);
    } catch (const Lost&) {
      throw;
    } catch (const std::exception& error) {
      failed(error);
      return show({.status = 500, .detail = "The server failed. Try again later."});
    }
  }

  Response show(const Problem& problem) {
    try {
      return desk_.hooks.problem_page(problem, request_);
    } catch (const std::exception& error) {
      failed(error);
      return to_response(problem, request_);
    }
  }

  void failed(const std::exception& error) {
    if (desk_.hooks.failed) desk_.hooks.failed(error);
  }

  void send(const Response& response, After after) {
    const bool only_head = request_.method == "HEAD";
    const AnswerHead head(response, request_, after == After::end);
    answered_.status = response.status;
    if (!response.write) {
      const bool has_body = !only_head && AnswerHead::may_have_body(response.status);
      sender_.send(has_body ? head.text + response.body : head.text);
      answered_.sent = has_body ? response.body.size() : 0;
      return;
    }
    sender_.send(head.text);
    if (only_head) return;
    AnswerWriter writer(sender_, head.chunked);
    std::ostream out(&writer);
    out.exceptions(std::ios::badbit);
    response.write(out);
    writer.finish();
    answered_.sent = writer.written();
    if (head.stated && *head.stated != writer.written())
      throw std::logic_error(
          fmt::format("an answer of {} wrote {} bytes and stated {}", request_.route, writer.written(), *head.stated));
  }

  After report(After after) {
    answered_.method = request_.route.empty() ? "" : request_.method;
    answered_.route = request_.route;
    answered_.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start_);
    if (desk_.hooks.answered) desk_.hooks.answered(answered_);
    return after;
  }

  Connection& connection_;
  const Desk& desk_;
  Sender sender_;
  Request request_;
  Answered answered_{};
  Clock::time_point start_{Clock::now()};
};

}  // namespace

After answer(Connection& connection, const std::variant<Head, Problem>& asked, const Desk& desk) {
  try {
    Exchange exchange(connection, desk);
    const Head* head = std::get_if<Head>(&asked);
    return head != nullptr ? exchange.answer(*head) : exchange.refuse(std::get<Problem>(asked));
  } catch (const Lost&) {
    return After::lost;
  } catch (const std::exception& error) {
    if (desk.hooks.failed) desk.hooks.failed(error);
    return After::lost;
  }
}

}  // namespace answerable::http
