import Domain
import Foundation
import Testing

@testable import ReportRendering
@testable import Workflows

@Suite("What a report states")
struct ReportFactsTests {
    @Test("Findings keep their number, their threshold, their mark and their natural frequency")
    func findings() throws {
        let facts = ReportFacts(try ReportFixtures.content())
        #expect(facts.marked.map(\.id) == ["effusion"])
        #expect(facts.unmarked.map(\.id) == ["edema"])
        #expect(facts.marked.first?.frequency == Frequency(images: 117, positives: 34))
        #expect(facts.marked.first?.probability == 0.4 && facts.marked.first?.threshold == 0.3)
        #expect(facts.withheldFindings.map(\.id) == ["pneumonia-child"])
        #expect(facts.notChecked == ["Broken ribs", "Tuberculosis"])
    }

    @Test("The urgency has its reasons, who lowered it, and who must look")
    func urgency() throws {
        let content = try ReportFixtures.full()
        let urgency = ReportFacts(content).urgency
        #expect(urgency.level == .soon && urgency.lowering?.clinician == "Dr. Lee")
        #expect(urgency.recommendation.hasPrefix("Within days"))
        let emergency = ReportFacts(try ReportFixtures.content(acuity: ReportFixtures.emergency)).urgency
        #expect(emergency.level == .emergency && emergency.reasons.count == 1)
        let texts = Set(AcuityLevel.allCases.map(ReportFacts.Urgency.recommendation))
        #expect(texts.count == AcuityLevel.allCases.count)
        #expect(texts.allSatisfy { $0.contains("trained to read chest X-rays, must read the picture itself") })
    }

    @Test("Only what differs is a difference")
    func identity() throws {
        let identity = ReportFacts(try ReportFixtures.content(identity: ReportFixtures.differing)).identity
        #expect(identity?.differences.map(\.field) == [.age])
        #expect(identity?.open == [])
        #expect(ReportFacts(try ReportFixtures.content()).identity == nil)
    }

    @Test("An earlier study is compared by its numbers")
    func comparison() throws {
        var content = try ReportFixtures.content()
        #expect(ReportFacts(content).comparison.isEmpty)
        content.earlier = [ReportFixtures.earlier(of: content.result)]
        let change = try #require(ReportFacts(content).comparison.first?.changes.first)
        #expect(change.id == "effusion" && change.earlier == 0.2 && change.now == 0.4)
        #expect(!change.wasMarked && change.isMarked)
    }

    @Test("Numbers of another version of the model are not compared")
    func otherModel() throws {
        var content = try ReportFixtures.content()
        var earlier = ReportFixtures.earlier(of: content.result)
        earlier.result.model.sha256 = "other"
        content.earlier = [earlier]
        let comparison = try #require(ReportFacts(content).comparison.first)
        #expect(!comparison.isSameModel && comparison.changes.isEmpty)
    }

    @Test("The same picture, or one from after this one, is no earlier study")
    func notEarlier() throws {
        var content = try ReportFixtures.content()
        let same = ReportFixtures.earlier(of: content.result)
        content.earlier = [
            EarlierStudy(
                analysisID: same.analysisID, uploadID: content.upload.id, studyDate: nil, receivedAt: same.receivedAt,
                result: same.result)
        ]
        #expect(ReportFacts(content).comparison.isEmpty)
        var inspection = content.upload.inspection
        inspection.dicom = DicomSummary(studyDate: "20250101")
        content.upload = Upload(
            id: content.upload.id, sessionID: content.upload.sessionID, fileName: "a", bytes: 1, sha256: "cc33",
            inspection: inspection, createdAt: content.upload.createdAt)
        content.earlier = [ReportFixtures.earlier(of: content.result, on: "2026-01-05")]
        #expect(ReportFacts(content).comparison.isEmpty)
        content.earlier = [ReportFixtures.earlier(of: content.result, on: "2024-01-05")]
        #expect(ReportFacts(content).comparison.map(\.studyDate) == ["2024-01-05"])
    }

    @Test("Withheld answers are named by their label")
    func withheld() throws {
        let content = try ReportFixtures.content(answers: ["alcohol": .text("daily")], withheld: ["alcohol", "gone"])
        #expect(ReportFacts(content).withheldAnswers == [.init(id: "alcohol", label: "Alcohol")])
    }
}
