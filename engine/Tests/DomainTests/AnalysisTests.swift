import Domain
import Foundation
import Testing

@Suite("The states of an analysis")
struct AnalysisTests {
    static let allowed: [Analysis.State: Set<Analysis.State>] = [
        .queued: [.decoding, .cancelled, .failed],
        .decoding: [.checking, .queued, .refused, .failed, .cancelled],
        .checking: [.inferring, .queued, .refused, .failed, .cancelled],
        .inferring: [.explaining, .queued, .refused, .failed, .cancelled],
        .explaining: [.completed, .queued, .refused, .failed, .cancelled],
        .completed: [], .refused: [], .failed: [.queued], .cancelled: [.queued],
    ]

    @Test("Exactly the allowed steps are allowed", arguments: Analysis.State.allCases)
    func steps(from state: Analysis.State) {
        for next in Analysis.State.allCases {
            #expect(state.mayBecome(next) == Self.allowed[state]?.contains(next), "\(state) -> \(next)")
        }
    }

    @Test("Progress grows along the way and is whole at the end")
    func progress() {
        let way: [Analysis.State] = [.queued, .decoding, .checking, .inferring, .explaining, .completed]
        #expect(zip(way, way.dropFirst()).allSatisfy { $0.progress < $1.progress })
        for state in Analysis.State.allCases where state.isFinal { #expect(state.progress == 1) }
    }

    @Test(
        "Every outcome survives JSON",
        arguments: [
            Analysis.Outcome.refused(Refusal(.notAChest)), .cancelled,
            .failed(.init(code: "c", message: "m", isRetryable: true)),
        ])
    func outcomes(outcome: Analysis.Outcome) throws {
        #expect(try JSONDecoder().decode(Analysis.Outcome.self, from: try JSONEncoder().encode(outcome)) == outcome)
    }

    @Test("Every refusal has a reason and an advice", arguments: Refusal.Code.allCases)
    func refusals(code: Refusal.Code) {
        let refusal = Refusal(code)
        #expect(refusal.reason.hasSuffix(".") && refusal.advice.hasSuffix("."))
    }
}
