import Domain
import Foundation
import Testing

@Suite("Reading before the findings are shown")
struct BlindFirstTests {
    static let end = Date(timeIntervalSince1970: 1_800_000_000)

    static func blind(after seconds: TimeInterval?, _ ending: BlindFirst.Ending? = nil) -> BlindFirst {
        BlindFirst(longest: 1800, completedAt: seconds.map { _ in end }, ending: ending, at: end + (seconds ?? 0))
    }

    @Test(
        "Findings are held back until there is a reading, somebody shows them, or the time is over",
        arguments: [
            (nil, nil, nil), (0, nil, nil), (1799.9, nil, nil), (1800, nil, .timedOut), (9999, nil, .timedOut),
            (5, .read, .read), (9999, .read, .read), (5, .revealed, .revealed), (nil, .revealed, .revealed),
        ] as [(TimeInterval?, BlindFirst.Ending?, BlindFirst.Ending?)])
    func ending(seconds: TimeInterval?, recorded: BlindFirst.Ending?, expected: BlindFirst.Ending?) {
        let blind = Self.blind(after: seconds, recorded)
        #expect(blind.ending == expected)
        #expect(blind.isOpen == (expected == nil))
        #expect(blind.isRevealedWithoutReading == (expected == .revealed || expected == .timedOut))
        #expect(blind.revealsAt == (expected == nil && seconds != nil ? Self.end + 1800 : nil))
    }

    @Test(
        "An analysis awaits its reading in every state but those that have no findings",
        arguments: Analysis.State.allCases)
    func states(state: Analysis.State) {
        let id = Identifier<Session>.make(at: Self.end)
        var analysis = Analysis(
            id: .make(at: Self.end), sessionID: id, uploadID: .make(at: Self.end), createdAt: Self.end,
            updatedAt: Self.end, state: state)
        #expect(!analysis.awaitsReading)
        analysis.blindFirst = Self.blind(after: 1)
        #expect(analysis.awaitsReading == ![.refused, .failed, .cancelled].contains(state))
        analysis.blindFirst = Self.blind(after: 1, .read)
        #expect(!analysis.awaitsReading)
    }

    @Test("The warning says how long it lasts", arguments: [(60.0, "a minute after"), (1800, "30 minutes after")])
    func warning(seconds: TimeInterval, words: String) {
        let warning = BlindFirst(longest: seconds, at: Self.end).warning
        #expect(warning.contains(words) && warning.contains("seriously ill"))
    }

    @Test(
        "What was typed is checked, field by field",
        arguments: [
            ("Dr. Lee", "A line.\nAnother.\tEnd.", []), (" ", "", ["/clinician required", "/text required"]),
            (String(repeating: "x", count: 121), "t", ["/clinician too-long"]),
            ("n", String(repeating: "x", count: 4001), ["/text too-long"]),
            ("a\nb", "bell\u{7}", ["/clinician forbidden-character", "/text forbidden-character"]),
            ("n", "\u{202E}<script>", []),
        ] as [(String, String, [String])])
    func typed(name: String, text: String, expected: [String]) {
        var found: [String] = []
        do throws(ValidationFault) {
            _ = try OwnReading(of: .make(at: Self.end), typedBy: name, text: text, recordedAt: Self.end, isBlind: true)
        } catch {
            found = error.faults.map { "\($0.pointer) \($0.code.rawValue)" }
        }
        #expect(found == expected)
    }

    @Test("A withdrawal has a reason and a name")
    func withdrawal() throws {
        let withdrawal = try ModelWithdrawal(
            of: "m", typedVersion: "1", because: " It is wrong. ", by: "Ada ", at: Self.end)
        #expect((withdrawal.reason, withdrawal.by) == ("It is wrong.", "Ada"))
        #expect(throws: ValidationFault.self) {
            try ModelWithdrawal(of: "m", typedVersion: "1", because: "", by: "Ada", at: Self.end)
        }
    }

    @Test(
        "What can't be seen is no reading",
        arguments: ["\u{2060}", "\u{feff}", "\u{3164}", "\u{2800}", "…", " \u{200b}\n"])
    func invisible(text: String) throws {
        #expect(throws: ValidationFault.self) {
            try OwnReading(of: .make(at: Self.end), typedBy: "Dr. Lee", text: text, recordedAt: Self.end, isBlind: true)
        }
        let seen = try OwnReading(
            of: .make(at: Self.end), typedBy: "李", text: "3 cm \u{2060}", recordedAt: Self.end, isBlind: true)
        #expect(seen.clinician == "李")
    }
}
