#pragma once

#include <map>
#include <string>

namespace answerable::http {

struct Request {
  std::string method;  ///< "POST"
  std::string path;    ///< "/add-checkpoint": without what follows a question mark, still percent-encoded
  std::string content_type;
  std::string body;
};

struct Response {
  int status{200};
  std::string content_type{"text/plain; charset=utf-8"};
  std::string body;
  std::map<std::string, std::string> headers;  ///< further ones
};

}  // namespace answerable::http
