import Foundation
import Logging
import Testing
import Workflows

@testable import Observability

@Suite("What people typed")
struct PrivateTests {
    @Test("It can't be written into a log line, an error or a dump by accident")
    func masked() throws {
        struct Question {
            var text: Private<String>
            var names: [Private<String>]
        }
        let question = Question(text: Private("zanzibar"), names: [Private("zanzibar")])
        let text = try LoggingTests.written { output in
            let logger = Logger(label: "t") { _ in JSONLogHandler(label: "t", level: .info, output: output) }
            logger.error(
                "asked \(question.text) \(question)",
                metadata: [
                    "a": "\(question.text)", "b": .stringConvertible(question.text), "c": "\(question.names)",
                    "d": "\(String(reflecting: question))",
                ])
        }
        var dumped = ""
        dump(question, to: &dumped)
        #expect(!text.contains("zanzibar") && !dumped.contains("zanzibar"))
        #expect(text.contains("asked <private>"))
        #expect(question.text.revealed == "zanzibar")
    }

    @Test(
        "What a program of others quotes is taken out",
        arguments: [
            ("can not read “Zanzibar” of row 17", "can not read … of row #"), ("no \"a b\" in x", "no … in x"),
            ("row 123 broke", "row # broke"),
            ("`x`.y is undefined", "….y is undefined"), ("open \"quote", "open …"), ("plain", "plain"),
        ])
    func quotes(text: String, masked: String) throws {
        #expect(LoggedCause.masked(text) == masked)
    }

    @Test("An error of decoding says where, not what")
    func cause() throws {
        struct Body: Decodable {
            var answers: [String: Int]
        }
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode(Body.self, from: Data(#"{"answers":{"age":"zanzibar"}}"#.utf8))
        }
        #expect("\(LoggedCause(error))" == "no Int at /answers/age")
    }
}
