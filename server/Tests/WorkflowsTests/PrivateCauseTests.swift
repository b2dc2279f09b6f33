import Domain
import Foundation
import Testing
import Workflows

@Suite("Why something failed")
struct PrivateCauseTests {
    @Test("A row that can't be read isn't quoted, however deep the error lies and however it is written down")
    func row() throws {
        enum State: String, Decodable { case known }
        let error = try #require(throws: DecodingError.self) {
            try JSONDecoder().decode([String: State].self, from: Data(#"{"state":"zanzibar"}"#.utf8))
        }
        // The error itself would.
        #expect("\(error)".contains("zanzibar"))
        let fault: Fault = .storageFailed(cause: error)
        for fault in [fault, .reportFailed(ReportFault(.drawing, cause: fault))] {
            var dumped = ""
            dump(fault, to: &dumped)
            for text in ["\(fault)", String(reflecting: fault), dumped, "\(LoggedCause(fault))"] {
                #expect(!text.contains("zanzibar"))
            }
            #expect("\(fault)".contains("damaged data at /state"))
        }
        guard case .storageFailed(let cause) = fault else { return #expect(Bool(false)) }
        #expect(cause.revealed is DecodingError)
    }
}
