import Foundation
import Glibc
import Logging
import Testing

@testable import Observability

@Suite("Logs")
struct LoggingTests {
    /// What `body` writes to its output.
    static func written(_ body: (LogOutput) -> Void) throws -> String {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        body(LogOutput(descriptor: ends[1]))
        close(ends[1])
        let text = try FileHandle(fileDescriptor: ends[0], closeOnDealloc: true).readToEnd() ?? Data()
        return String(decoding: text, as: UTF8.self)
    }

    @Test("An event is one JSON object on one line, whatever is in it")
    func oneLine() throws {
        let nasty = "a\"b\\c\nd\re\u{1b}[31m\u{2028}\u{0}ü"
        let text = try Self.written { output in
            var handler = JSONLogHandler(label: "test", level: .info, output: output)
            handler[metadataKey: "request"] = "r1"
            var logger = Logger(label: "test") { _ in handler }
            logger.logLevel = .info
            logger.info(
                "\(nasty)",
                metadata: ["n": .stringConvertible(7), "s": "\(nasty)", "list": ["a", "b"], "level": "forged"])
            logger.debug("not this")
        }
        #expect(text.filter { $0 == "\n" }.count == 1)
        #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 0x20 })
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object["message"] as? String == nasty)
        #expect(object["s"] as? String == nasty)
        #expect(object["n"] as? Int == 7)
        #expect(object["list"] as? [String] == ["a", "b"])
        #expect(object["request"] as? String == "r1")
        #expect(object["level"] as? String == "info")
        #expect(object["metadata.level"] as? String == "forged")
    }

    @Test("A line for a terminal has no control characters of others in it")
    func terminal() throws {
        let text = try Self.written { output in
            let logger = Logger(label: "t") { _ in TextLogHandler(label: "t", level: .info, output: output) }
            logger.notice("a\u{1b}[31m\nb", metadata: ["k": "v\r"])
        }
        #expect(text.hasSuffix("notice a\u{FFFD}[31m\u{FFFD}b k=v\u{FFFD}\n"))
    }

    @Test(
        "Times are UTC with milliseconds",
        arguments: [(0, 5, "1970-01-01T00:00:00.005Z"), (951_827_696, 999, "2000-02-29T12:34:56.999Z")])
    func times(seconds: Int, milliseconds: Int, text: String) {
        #expect(UTC.text(seconds: seconds, milliseconds: milliseconds) == text)
    }

    @Test("Times are written as Foundation writes them")
    func calendar() {
        var times: [Double] = [
            0, 0.9999, 59, 951_827_696, 951_782_400, 951_868_800, 4_107_542_400, 1_795_000_000.9999, 253_402_300_799,
            253_402_300_799.5, 1_795_000_000.999_999_9,
        ]
        // Four centuries, after which the calendar begins anew; the step is a prime number, so that all times of day are met.
        times += stride(from: 1.25, to: 12_622_780_800, by: 15_485_863)
        for time in times {
            let date = Date(timeIntervalSince1970: time)
            #expect(UTC.text(date) == date.formatted(.iso8601), "\(time)")
        }
        for time in [-0.5, -1, 253_402_300_800, .infinity, .nan] {
            #expect(UTC.text(Date(timeIntervalSince1970: time)) == nil)
        }
    }
}
