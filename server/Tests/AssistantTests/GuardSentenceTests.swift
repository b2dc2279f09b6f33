import Domain
import Testing

@testable import Assistant

@Suite("What is kept of a language model's sentences")
struct GuardSentenceTests {
    @Test("The record of these tests has its findings")
    func record() {
        #expect(GuardFixtures.record.result?.findings.count == 6)
        #expect(GuardFixtures.record.acuity.level == .soon)
    }

    @Test("Each sentence is kept or struck, and for a reason that fits")
    func sentences() throws {
        let rows = try GuardFixtures.table("guard-sentences.tsv")
        #expect(rows.count >= 150)
        #expect(rows.count { $0[1] == "keep" } >= 40)
        for row in rows {
            let found = GuardFixtures.guarded(row[3], row[0]).sentences
            if row[1] == "keep" {
                let struck = found.compactMap(\.struckBecause?.rawValue)
                #expect(struck.isEmpty, "\(row[3]) → \(struck)")
            } else {
                let own = found.filter { $0.struckBecause == nil }
                #expect(own.isEmpty, "kept: \(row[3])")
                let reasons = Set(row[2].split(separator: "|").map(String.init))
                let named = found.compactMap(\.struckBecause?.rawValue)
                #expect(named.allSatisfy(reasons.contains), "\(row[3]) → \(named), expected \(row[2])")
            }
        }
    }

    /// Written apart from the checks; the second after the first was looked at. What is unsafe must be struck; of what
    /// is safe, most must stay.
    @Test("Sentences that were written apart", arguments: ["guard-held-out.tsv", "guard-held-out-second.tsv"])
    func heldOut(table: String) throws {
        let rows = try GuardFixtures.table(table)
        var missed: [String] = []
        var lost: [String] = []
        for row in rows {
            let isKept = GuardFixtures.guarded(row[1]).sentences.allSatisfy { $0.struckBecause == nil }
            if row[0] == "strike", isKept { missed.append(row[1]) }
            if row[0] == "keep", !isKept { lost.append(row[1]) }
        }
        #expect(missed.isEmpty, "\(missed)")
        #expect(lost.count * 10 <= rows.count { $0[0] == "keep" }, "\(lost)")
    }
}
