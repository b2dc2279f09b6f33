import Assistant
public import Domain
public import Foundation
public import Workflows

/// What a report states, as values: the one source of the documents of both audiences, and of what is exported.
public struct ReportFacts: Sendable, Equatable {
    /// All findings that the model speaks of for this person, the marked ones first.
    public var findings: [Finding]
    /// Findings that the model doesn't speak of for this person or picture, and why.
    public var withheldFindings: [AnalysisResult.Withheld]
    /// What was not looked for, in plain words.
    public var notChecked: [String]
    public var urgency: Urgency
    /// Whether it is about a child, whose warning signs are others.
    public var isChild: Bool
    /// What must not be overlooked, told or not.
    public var alerts: [Alert]
    /// nil where the file says nothing of the person, or nothing differs and nothing is to be asked.
    public var identity: Identity?
    /// What was noted about the quality of the picture.
    public var quality: [AnalysisResult.Note]
    /// For whom the model spoke.
    public var scope: AnalysisResult.ScopeStatement
    public var projection: AnalysisResult.Projection?
    /// Earlier studies of the same session, the newest first; empty where there is none.
    public var comparison: [Comparison]
    /// Answers that the person kept from the assistant.
    public var withheldAnswers: [WithheldAnswer]
    /// A clinician's own reading of this picture.
    public var reading: OwnReading?
    /// Findings of which the reading says the opposite of what the model marked, as far as its words can be compared.
    public var disagreements: [Finding]
    /// Set where the version of the model was withdrawn.
    public var withdrawal: ModelWithdrawal?

    /// One finding of the model. A mark is a statement about a number, never a diagnosis.
    public struct Finding: Sendable, Equatable {
        public var id: String
        public var name: String
        /// What the name means, in plain words.
        public var plain: String
        public var means: String
        /// Calibrated, 0...1.
        public var probability: Double
        public var threshold: Double
        public var thresholdRule: String
        /// Whether the probability reached the threshold.
        public var isMarked: Bool
        /// Of so many validation pictures with such a number so many had it; nil where that isn't known.
        public var frequency: Frequency?
        public var measured: ModelManifest.Measured
        public var code: Coding?
    }

    public struct Urgency: Sendable, Equatable {
        public var level: AcuityLevel
        /// What to do, in the fixed words of the level.
        public var advice: AcuityAdvice
        /// Why; the heaviest first.
        public var reasons: [AcuityReason]
        /// Set where a clinician lowered it.
        public var lowering: Acuity.Lowering?

        /// Who must look, and how soon.
        public var recommendation: String { Self.recommendation(at: level) }

        static func recommendation(at level: AcuityLevel) -> String {
            switch level {
            case .emergency:
                "At once: emergency care, without waiting for a reading of this picture. Then a radiologist, or another clinician trained to read chest X-rays, must read the picture itself."
            case .urgent:
                "Today: a clinician must see the person, and a radiologist, or another clinician trained to read chest X-rays, must read the picture itself."
            case .soon:
                "Within days, at the latest within two weeks: a clinician must see the person, and a radiologist, or another clinician trained to read chest X-rays, must read the picture itself."
            case .routine:
                "At the planned visit: a radiologist, or another clinician trained to read chest X-rays, must read the picture itself."
            }
        }
    }

    /// Where what was told and what the file says differ.
    public struct Identity: Sendable, Equatable {
        public var differences: [IdentityCheck.Row]
        /// Differences that nobody confirmed.
        public var open: [IdentityCheck.Field]
        /// What has to be asked, though nothing contradicts it.
        public var questions: [IdentityCheck.Row]
    }

    /// An earlier study beside this one: numbers only, because numbers don't show a change in a person.
    public struct Comparison: Sendable, Equatable {
        public var analysisID: AnalysisID
        /// As the file says: `2026-01-05`; nil where it doesn't say.
        public var studyDate: String?
        public var receivedAt: Date
        /// Whether both were read by the same weights with the same preprocessing; otherwise numbers can't be compared.
        public var isSameModel: Bool
        /// Findings that both have a number for, in the order of this study.
        public var changes: [Change]

        public struct Change: Sendable, Equatable {
            public var id: String
            public var name: String
            public var earlier: Double
            public var now: Double
            public var wasMarked: Bool
            public var isMarked: Bool
        }
    }

    public struct Alert: Sendable, Equatable {
        public var name: String
        public var words: String
    }

    public struct WithheldAnswer: Sendable, Equatable {
        /// The question's id.
        public var id: String
        public var label: String
    }

    public var marked: [Finding] { findings.filter(\.isMarked) }
    public var unmarked: [Finding] { findings.filter { !$0.isMarked } }

    /// What this report can't be used for; sentences.
    public static let limitations = [
        "A computer program made this report. No finding in it is a diagnosis, and it can't rule anything out.",
        "A mark can be a false alarm. What is not marked may still be there.",
        "Each number was measured on pictures of other people, machines and hospitals. Here it may be worth less.",
        "The model saw one picture, scaled down, and of the history at most the age. It did not see the person.",
        "The history is as told. Nobody has checked it.",
    ]

    public init(_ content: ReportContent) {
        let result = content.result
        findings = result.findings.map(Finding.init)
        withheldFindings = result.withheld
        notChecked = result.notChecked
        isChild = Self.isChild(content)
        alerts = Self.alerts(content)
        urgency = Urgency(
            level: content.acuity.level,
            advice: AcuityAdvice(
                for: content.acuity.level, emergencyNumber: content.emergencyNumber, isChild: isChild),
            reasons: content.acuity.standing, lowering: content.acuity.lowering)
        identity = result.identity.flatMap { check in
            let differences = check.rows.filter { $0.agreement == .differs }
            return differences.isEmpty && check.questions.isEmpty
                ? nil : Identity(differences: differences, open: check.open, questions: check.questions)
        }
        quality = result.quality.notes
        scope = result.scope
        projection = result.projection
        let studyDate = content.upload.inspection.dicom?.studyDate.flatMap(Self.day)
        comparison = content.earlier.filter { earlier in
            // Another picture, and not one whose file says that it is from after this one.
            let day = earlier.studyDate.flatMap(Self.day)
            let isAfter = day.flatMap { day in studyDate.map { day > $0 } } ?? false
            return earlier.uploadID != content.upload.id && earlier.analysisID != content.analysis.id && !isAfter
        }.map { Comparison($0, beside: result) }
        withheldAnswers = content.withheld.compactMap { id in
            content.questionnaire.question(id).map { WithheldAnswer(id: id, label: $0.label) }
        }
        reading = content.reading.flatMap { $0.analysisID == content.analysis.id ? $0 : nil }
        let claims = reading.map { ReadingClaims($0.text) }
        disagreements = findings.filter { finding in
            finding.id != "any-finding" && claims?.contradicts(mark: finding.isMarked, of: finding.id) ?? false
        }
        withdrawal = content.withdrawal
    }

    static func isChild(_ content: ReportContent) -> Bool {
        PatientFacts(age: PatientFacts(intake: content.answers).age ?? content.result.scope.ageYears).isChild
    }

    /// Allergies, what thins the blood, and a pregnancy, in the words of the answers.
    private static func alerts(_ content: ReportContent) -> [Alert] {
        func words(_ id: String) -> String? {
            content.questionnaire.question(id).flatMap { question in
                content.answers[id].map { SafeText.cleaned(question.words(for: $0)) }
            }
        }
        let allergies = words("allergies") ?? words("allergy-status").map { "Allergies known: \($0)" }
        var thinners: [String] = []
        if case .rows(let rows)? = content.answers["medication"] {
            thinners = rows.compactMap { row in
                guard case .text(let name)? = row["name"], Medicines.isBloodThinner(name) else { return nil }
                return SafeText.line(name, atMost: 120)
            }
        }
        let thinner = thinners.isEmpty ? words("blood-thinners") : thinners.joined(separator: ", ")
        var alerts = [
            Alert(name: "Allergies", words: allergies ?? "Not told"),
            Alert(name: "Blood thinners (anticoagulants, antiplatelets)", words: thinner ?? "Not told"),
        ]
        let facts = PatientFacts(intake: content.answers)
        if facts.mayBePregnant {
            alerts.append(Alert(name: "Pregnancy", words: "Told or possible: \(words("pregnancy") ?? "yes")"))
        } else if let told = words("pregnancy") {
            alerts.append(Alert(name: "Pregnancy", words: told))
        } else if facts.sex != "male", (12...55).contains(facts.age ?? content.result.scope.ageYears ?? 30) {
            alerts.append(Alert(name: "Pregnancy", words: "Not told, so it is possible"))
        }
        return alerts
    }

    /// `20260105` (PS3.5, 6.2) or `2026-01-05` as the latter; nil for what is neither.
    static func day(_ text: String) -> String? {
        let digits = text.filter { $0 != "-" }
        guard digits.utf8.count == 8, digits.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return "\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))"
    }
}

extension ReportFacts.Finding {
    init(_ finding: AnalysisResult.Finding) {
        self.init(
            id: finding.id, name: finding.name, plain: finding.plain, means: finding.means,
            probability: finding.probability, threshold: finding.threshold, thresholdRule: finding.thresholdRule,
            isMarked: finding.flagged, frequency: finding.frequency, measured: finding.measured, code: finding.code)
    }
}

extension ReportFacts.Comparison {
    init(_ earlier: EarlierStudy, beside result: AnalysisResult) {
        let isSameModel =
            earlier.result.model.sha256 == result.model.sha256
            && earlier.result.model.preprocessingSha256 == result.model.preprocessingSha256
        let changes = result.findings.compactMap { now in
            earlier.result.findings.first { $0.id == now.id }.map { before in
                Change(
                    id: now.id, name: now.name, earlier: before.probability, now: now.probability,
                    wasMarked: before.flagged, isMarked: now.flagged)
            }
        }
        self.init(
            analysisID: earlier.analysisID, studyDate: earlier.studyDate.flatMap(ReportFacts.day),
            receivedAt: earlier.receivedAt, isSameModel: isSameModel, changes: isSameModel ? changes : [])
    }

    /// The day of the picture where the file says it, otherwise of its arrival here.
    public var when: String {
        studyDate.map { "\($0) (as the file says)" }
            ?? "received on \(receivedAt.formatted(.iso8601.year().month().day())) (the file gives no date)"
    }
}
