// SPDX-License-Identifier: Apache-2.0 OR MIT
#include <fcntl.h>
#include <unistd.h>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>

#include "cli/flags/limits.hpp"
#include "cli/flags/output_file.hpp"
#include "cli/output/anonymize_report.hpp"
#include "trawl/core/describe.hpp"
#include "trawl/file/file_reader.hpp"

namespace cli {
namespace {

struct AnonymizeCommand {
  std::string in, out, key_text, key_file, new_key_file, content = "zero", mac = "replace";
  std::vector<std::string> prefixes;
  OutputFile file;
  bool json = false;

  std::vector<trawl::Prefix<trawl::Ipv4Address>> keep_ipv4;
  std::vector<trawl::Prefix<trawl::Ipv6Address>> keep_ipv6;

  template <class A> static bool add_prefix(std::string_view text, std::optional<A> (*parse)(std::string_view), auto& to) {
    const auto slash = text.find('/');
    const auto address = parse(text.substr(0, slash));
    unsigned length = 8 * sizeof(A);
    if (slash != text.npos) {
      const char *first = text.data() + slash + 1, *last = text.data() + text.size();
      const auto [end, error] = std::from_chars(first, last, length);
      if (error != std::errc() || end != last) return false;
    }
    if (!address || length > 8 * sizeof(A)) return false;
    to.push_back({*address, trawl::u8(length)});
    return true;
  }
  Status prepare() {
    for (const std::string& text : prefixes)
      if (!add_prefix(text, trawl::parse_ipv4, keep_ipv4) && !add_prefix(text, trawl::parse_ipv6, keep_ipv6)) {
        say("--keep-prefix " + text + ": ADDRESS/LENGTH is needed, such as 10.0.0.0/8");
        return Status::usage;
      }
    if (int(!key_text.empty()) + int(!key_file.empty()) + int(!new_key_file.empty()) > 1) {
      say("of --key, --key-file and --new-key only one can be given");
      return Status::usage;
    }
    return Status::done;
  }

  static constexpr std::string_view form = ": 64 hex digits are needed; --new-key FILE makes a key";
  std::optional<trawl::AnonymizationKey> key(Status& status) const {
    status = Status::usage;
    if (!key_text.empty()) {
      const auto key = trawl::AnonymizationKey::parse(key_text);
      if (!key) say("--key" + std::string(form));
      return key;
    }
    if (!key_file.empty()) {
      std::ifstream stream(key_file, std::ios::binary);
      const std::string text(std::istreambuf_iterator<char>(stream), {});
      if (!stream.is_open()) {
        say("--key-file " + key_file + ": " + std::strerror(errno));
        status = Status::failed;
        return {};
      }
      const auto key = trawl::AnonymizationKey::parse(text);
      if (!key) say("--key-file " + key_file + std::string(form));
      return key;
    }
    const auto key = trawl::AnonymizationKey::random();
    if (!key) {
      status = report(key.error());
      return {};
    }
    if (!new_key_file.empty() && !save(*key)) {
      status = Status::failed;
      return {};
    }
    return *key;
  }
  /// Only for its owner; never over a file that is there, which may hold the only copy of another key.
  bool save(const trawl::AnonymizationKey& key) const {
    char text[2 * sizeof key.octet + 1];
    trawl::TextOut digits(text);
    put(digits, key);
    digits.put('\n');
    const int fd = ::open(new_key_file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    const bool written = fd >= 0 && ::write(fd, text, digits.size()) == ssize_t(digits.size());
    const int error = errno;
    if (fd >= 0) ::close(fd);
    if (!written) say("--new-key " + new_key_file + ": " + std::strerror(error));
    return written;
  }

  Status run() {
    if (const Status ready = prepare(); ready != Status::done) return ready;
    Status status = Status::done;
    const auto secret = key(status);
    if (!secret) return status;
    auto reader = trawl::FileReader::open(in, reader_options());
    if (!reader) return report_input(in, reader.error());

    trawl::AnonymizerOptions options{.addresses = {.keep_ipv4 = keep_ipv4, .keep_ipv6 = keep_ipv6}};
    options.content = content == "zero" ? trawl::Content::zero : content == "cut" ? trawl::Content::cut : trawl::Content::keep;
    options.addresses.mac = mac == "replace"  ? trawl::MacPolicy::replace
                            : mac == "vendor" ? trawl::MacPolicy::keep_vendor
                                              : trawl::MacPolicy::keep;
    trawl::Anonymizer anonymizer(*secret, options);

    const std::string_view note = "addresses are not the real ones: anonymized by trawl";
    const auto taken = identities_of({in, key_file, new_key_file});
    trawl::WriterOptions form_of_output;
    file.apply(form_of_output);
    form_of_output.inputs = taken, form_of_output.application = "trawl", form_of_output.comments = {&note, 1};
    auto writer = trawl::FileWriter::create(out, form_of_output);
    if (!writer) return report(writer.error());
    status = copy(*reader, *writer, anonymizer);
    report_warnings(in, reader->warnings());
    report_warnings(out, writer->warnings());
    if (const auto closed = writer->close(); !closed) return report(closed.error());
    report_anonymized(anonymizer.report(), options.content, reader->facts().other_blocks, json);
    return status;
  }
  Status copy(trawl::FileReader& reader, trawl::FileWriter& writer, trawl::Anonymizer& anonymizer) const {
    for (;;) {
      const auto batch = reader.next();
      if (!batch) return report_input(in, batch.error());
      if (!*batch) return Status::done;
      const auto real = reader.interfaces();
      const auto interfaces = anonymizer.interfaces(real);
      for (const trawl::Frame& frame : **batch) {
        const trawl::Frame changed = anonymizer(frame, frame.interface < real.size() ? &real[frame.interface] : nullptr);
        if (const auto written = writer.write(changed, interfaces); !written) return report(written.error());
      }
    }
  }
};

}  // namespace

void add_anonymize(CLI::App& app, Run& run) {
  CLI::App* command = app.add_subcommand("anonymize", "put other addresses in place of the real ones");
  auto state = std::make_shared<AnonymizeCommand>();
  command->add_option("in", state->in, "a capture file; - is standard input")->type_name("IN")->required();
  command->add_option("-w", state->out, "by its suffix: .pcap .pcapng, then .gz .zst .lz4")->type_name("OUT")->required();
  command->add_option("--key-file", state->key_file, "the key, 64 hex digits: the same key gives the same addresses")->type_name("FILE");
  command->add_option("--key", state->key_text, "the same on the command line, where others can see it")->type_name("HEX");
  command->add_option("--new-key", state->new_key_file, "keep the random key in a new file; otherwise it is forgotten")->type_name("FILE");
  command
      ->add_option("--content", state->content,
                   "what is not a header field that trawl knows: make it zero (as by default), cut the packet before it, or keep it")
      ->type_name("zero|cut|keep")
      ->check(CLI::IsMember({"zero", "cut", "keep"}));
  command->add_option("--mac", state->mac, "MAC addresses: replace (as by default), all but the vendor's part, or keep")
      ->type_name("replace|vendor|keep")
      ->check(CLI::IsMember({"replace", "vendor", "keep"}));
  command->add_option("--keep-prefix", state->prefixes, "a prefix that stays in addresses, such as 10.0.0.0/8 (repeat)")
      ->type_name("PREFIX")
      ->expected(1)
      ->allow_extra_args(false)
      ->take_all();
  command->add_flag("--json", state->json, "the report as one line of JSON, on standard error too");
  state->file.declare(*command);
  command->callback([state, &run] { run = [state] { return state->run(); }; });
}

}  // namespace cli
