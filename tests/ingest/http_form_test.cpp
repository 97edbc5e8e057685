// Forms as browsers send them, over real sockets.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "ingest/http/client.hpp"
#include "ingest/http/form.hpp"
#include "ingest/http/server.hpp"
#include "tests/journeys/journey.hpp"

namespace answerable::http {
namespace {

using ::testing::HasSubstr;

/// A server that says what the form held.
class HttpForm : public ::testing::TestWithParam<Body> {
 protected:
  Response tell(Request& request) {
    const Form form = read_form(request, {.fields = 5, .field_bytes = 1000, .folder = folder_.path()});
    std::string text;
    for (const auto& [name, value] : form.fields) text += name + '=' + value + '\n';
    for (const Upload& upload : form.uploads) {
      text +=
          upload.field + ' ' + upload.file_name + ' ' + upload.content_type + ' ' + std::to_string(upload.bytes) + '\n';
      kept_.push_back(testing::slurp(*upload.file));
      const auto mode = std::filesystem::status(*upload.file).permissions();
      EXPECT_EQ(mode, std::filesystem::perms{0600});
    }
    return {.body = text};
  }
  Response send(const std::string& type, const std::string& body) {
    return post("http://" + server_.address() + "/", type, body);
  }
  testing::Folder folder_;
  std::vector<std::string> kept_;
  Server server_{{.addresses = {"127.0.0.1:0"}},
                 Router({{.method = "POST",
                          .path = "/",
                          .body = GetParam(),
                          .body_cap = 10 << 20,
                          .handle = [this](Request& request) { return tell(request); }}})};
};
INSTANTIATE_TEST_SUITE_P(Ways, HttpForm, ::testing::Values(Body::buffered, Body::streamed),
                         [](const auto& way) { return way.param == Body::buffered ? "buffered" : "streamed"; });

const std::string urlencoded = "application/x-www-form-urlencoded";
const std::string multipart = "multipart/form-data; boundary=----Form";

std::string part(const std::string& disposition, const std::string& content) {
  return "------Form\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n" + content + "\r\n";
}
const std::string end = "------Form--\r\n";

TEST_P(HttpForm, ReadsFields) {
  const Response answer = send(urlencoded + "; charset=UTF-8", "name=A+B&note=%C3%A9%26%3D%0D%0A&empty=&name=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "name=A B\nnote=\xc3\xa9&=\r\n\nempty=\nname=2\n");
  EXPECT_EQ(send(urlencoded, "").body, "");
}

TEST_P(HttpForm, ReadsFiles) {
  std::string large(3 << 20, '\0');
  for (std::size_t i = 0; i < large.size(); ++i) large[i] = static_cast<char>(i * 7 + i / 251);
  const Response answer =
      send(multipart, part("name=\"note\"", "two\r\n--lines--") +
                          "------Form\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a b.xml\"\r\n"
                          "Content-Type: text/xml\r\n\r\n" +
                          large + "\r\n" + part("name=\"none\"; filename=\"\"", "") + end);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(answer.body, "note=two\r\n--lines--\nfile ../a b.xml text/xml 3145728\nnone  application/octet-stream 0\n");
  ASSERT_EQ(kept_.size(), 2U);
  EXPECT_EQ(kept_[0], large);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path())) << "gone with the form";
}

TEST_P(HttpForm, RefusesWhatIsNoForm) {
  const auto status = [&](const std::string& type, const std::string& body) { return send(type, body).status; };
  EXPECT_EQ(status("application/json", "{}"), 415);
  EXPECT_EQ(status("", "a=b"), 415);
  EXPECT_EQ(status(urlencoded, "a=%zz"), 400);
  EXPECT_EQ(status(urlencoded, "a=%ff"), 400);
  EXPECT_EQ(status(urlencoded, "a=%00"), 400);
  EXPECT_EQ(status(urlencoded, "a=" + std::string(1001, 'x')), 413);
  EXPECT_EQ(status(urlencoded, "a&b&c&d&e&f"), 413);
  const std::string good = part("name=\"a\"", "b");
  EXPECT_EQ(status(multipart, good + end), 200);
  EXPECT_EQ(status("multipart/form-data", good + end), 400);
  EXPECT_EQ(status(multipart, good), 400) << "no last boundary";
  EXPECT_EQ(status(multipart, good + "------Form\r\nContent-Dis"), 400);
  EXPECT_EQ(status(multipart, "nothing"), 400);
  EXPECT_EQ(status(multipart, ""), 400);
  EXPECT_EQ(status(multipart, part("nom=\"a\"", "b") + end), 400);
  EXPECT_EQ(status(multipart, "------Form\r\nX: y\r\n\r\nb\r\n" + end), 400);
  EXPECT_EQ(status(multipart, part("name=\"a\"", "\xff") + end), 400);
  EXPECT_EQ(status(multipart, part("name=\"a\"; filename=\"\xff\"", "b") + end), 400);
  EXPECT_EQ(status(multipart, part("name=\"a\"", std::string(1001, 'x')) + end), 413);
  EXPECT_EQ(status(multipart, good + good + good + good + good + end), 200);
  EXPECT_EQ(status(multipart, good + good + good + good + good + good + end), 413);
  EXPECT_TRUE(std::filesystem::is_empty(folder_.path()));
}

}  // namespace
}  // namespace answerable::http
