import Assistant
import Domain
import Foundation
import ReportDocuments
import Workflows

/// Headings by which ``ReportStatements`` finds its way. Nothing that people typed stands in a heading of level 1 or 2.
enum ClinicianHeading: String, CaseIterable {
    case title = "Chest X-ray: model findings"
    case identity = "Right patient check"
    case alerts = "Alerts"
    case impression = "Impression"
    case recommendation = "Recommendation"
    case urgency = "Red flags and urgency"
    case findings = "Findings"
    case heatMaps = "Heat maps"
    case indication = "Indication"
    case history = "Clinical history, as told"
    case technique = "Technique"
    case comparison = "Comparison"
    case numbers = "What the numbers are worth"
    case notChecked = "What was not checked"
    case limitations = "Limitations"
    case responsible = "Who is responsible"
    case intendedUse = "Intended use"
    case model = "Model and versions"
    case check = "How to check this report"
    case conversation = "Annex: conversation with the assistant"

    var block: ReportDocument.Block { .heading(level: self == .title ? 1 : 2, rawValue) }
}

enum PatientHeading: String, CaseIterable {
    case title = "Chest X-ray: what the program marked"
    case now = "What to do now"
    case picture = "What was looked at"
    case marked = "What the program marked"
    case unmarked = "What the program did not mark"
    case unseen = "What the program can't see"
    case record = "The record, as told"
    case questions = "Questions for the doctor"
    case certainty = "How sure is this?"
    case signs = "When to call for help"
    case makers = "Who made this, and what it is for"
    case check = "How to check that this is real"
    case conversation = "Annex: what was asked, and what was answered"

    var block: ReportDocument.Block { .heading(level: self == .title ? 1 : 2, rawValue) }
}

/// Wordings that the makers of both documents and their check share.
enum ReportPhrases {
    // Headings of level 3 that say what the list below them is.
    static let withheldFindings = "Not shown for this person"
    static let quality = "Noted about the picture"
    static let notLookedFor = "Not looked for"
    static let withheldAnswers = "Kept from the assistant"
    static let reasons = "Why"

    static let withheldMark = " (withheld from the assistant)"
    static let rulesNothingOut = "This rules nothing out."
    static let modelOutput = "A mark is the output of a model, and it can be a false alarm."
    static let noNumber = "The model gave no number for this picture. \(rulesNothingOut)"
    static let noMark = "The model marked no finding. \(rulesNothingOut)"
    static let wordMeans = "What the word means: "
    static let markMeansNot = "What a mark does not mean: "
    static let notMarkedMeans = "Not marked does not mean that nothing is there."
    static let noEarlier = "None available."
    static let noEarlierPicture = "No earlier picture was compared."
    static let influence =
        "A heat map shows which parts of the picture had influence on the model's number. It does not show the location of disease, and it was not checked against what radiologists mark."

    /// A finding's name, so that it can stand between quotes.
    static func name(_ name: String) -> String {
        let name = SafeText.line(name)
        guard name.unicodeScalars.contains(where: { $0 == "“" || $0 == "”" }) else { return name }
        return name.replacing("“", with: "'").replacing("”", with: "'")
    }

    static func quoted(_ name: String) -> String { "“\(Self.name(name))”" }

    /// An entry of a list as a sentence.
    static func sentence(_ text: String) -> String {
        let text = SafeText.line(text).trimmingCharacters(in: .whitespaces)
        return text.last.map { ".!?".contains($0) } ?? true ? text : text + "."
    }

    static func name(_ field: IdentityCheck.Field) -> String {
        switch field {
        case .name: "name"
        case .sex: "sex"
        case .age: "age"
        case .birthDate: "date of birth"
        case .studyDate: "date of the picture"
        }
    }

    /// The first that is read in the page for the patient.
    static func callTitle(_ number: String) -> String { "Call \(number) at once for any of these" }

    static func callText(isChild: Bool) -> String {
        (isChild
            ? "In the child: \(AcuityAdvice.signsInAChild). Also if the child is limp, or hard to wake."
            : "Bad trouble breathing, strong chest pain, blue lips, fainting, sudden confusion, or coughing up much blood.")
            + " Don't wait for this page or for a visit."
    }

    /// The 14 findings that one number of the model stands for together.
    static let listed = "The 14 listed findings are: \(Knowledge.listedFindings.joined(separator: ", "))."

    static let looked = "A clinician has looked at this picture"
    static let countsMore = "What a clinician reads in it counts more than what this program marks."
    static let disagree = "The clinician and the model disagree. The clinician's reading counts more than the model's."
    static let noReading = "No clinician's own reading was recorded."

    static func disagreement(_ finding: ReportFacts.Finding) -> String {
        finding.isMarked
            ? "The clinician's reading says that \(quoted(finding.name)) is not there; the model marked it."
            : "The clinician's reading names \(quoted(finding.name)); the model did not mark it."
    }

    static let rightPicture = "Is it the right picture?"
    static let questionStart = "The picture is not new: "
    static let questionEnd = " Is it the one that is meant?"

    static func question(_ row: IdentityCheck.Row) -> String {
        questionStart + asked(row) + questionEnd
    }

    /// What is asked about, without the words around it.
    static func asked(_ row: IdentityCheck.Row) -> String {
        "by the file it was taken on \(SafeText.line(row.file ?? "an unknown day")), more than \(IdentityCheck.daysOfNewPicture) days before it was analysed."
    }

    static func differences(_ identity: ReportFacts.Identity) -> String {
        "These do not match: \(identity.differences.map { name($0.field) }.joined(separator: ", "))."
    }

    static func confirmation(_ identity: ReportFacts.Identity) -> String {
        identity.open.isEmpty
            ? "Before the analysis somebody confirmed that it is the right picture all the same."
            : "Nobody confirmed that it is the right picture."
    }

    static func words(_ level: AcuityLevel) -> String {
        switch level {
        case .emergency: "emergency"
        case .urgent: "urgent: today"
        case .soon: "soon: in the next days"
        case .routine: "routine: the planned visit"
        }
    }

    static func level(_ level: AcuityLevel) -> String { "The level is \(words(level))." }

    static func lowered(_ lowering: Acuity.Lowering) -> String {
        "Lowered to “\(lowering.level.rawValue)” on \(ReportNumbers.time(lowering.at)) by \(SafeText.line(lowering.clinician)): \(SafeText.line(lowering.reason))"
    }

    static func stamp(_ withdrawal: ModelWithdrawal) -> String {
        "Withdrawn: version \(withdrawal.version) of the model “\(withdrawal.model)” was withdrawn on \(ReportNumbers.day(withdrawal.at)). Do not rely on this report. \(withdrawal.reason)"
    }

    /// What people are called by in the header of each page.
    static func subject(of content: ReportContent) -> String {
        guard case .text(let name)? = content.answers["pseudonym"], !SafeText.line(name).isEmpty else {
            return "No name given"
        }
        return SafeText.line(name, atMost: 60)
    }
}

/// Parts that both documents have.
struct SharedParts {
    let content: ReportContent
    let code: ReportDocument.CodeBlock?

    func document(title: String, footer: String, blocks: [ReportDocument.Block]) -> ReportDocument {
        ReportDocument(
            metadata: ReportDocument.Metadata(
                title: title, author: "Lightbox \(content.sources.softwareVersion)",
                subject: "Research and education. Not a diagnosis.",
                keywords: ["chest X-ray", "research", "education", content.options.audience.rawValue, "\(content.id)"],
                created: content.createdAt.formatted(.iso8601)),
            header: "\(ReportPhrases.subject(of: content))   ·   Report \(content.id)", footer: footer,
            paper: content.options.paper == .letter ? .letter : .a4, language: "en",
            watermark: "Research and education", stamp: content.withdrawal.map(ReportPhrases.stamp), blocks: blocks
        ).cleaned
    }

    /// What was asked and answered, where the person ticked it.
    func conversation(_ heading: ReportDocument.Block) -> [ReportDocument.Block] {
        guard !content.conversations.isEmpty else { return [] }
        return [heading]
            + content.conversations.flatMap { conversation in
                [.heading(level: 3, SafeText.line(conversation.title, atMost: Conversation.longestTitle))]
                    + conversation.exchanges.flatMap { exchange -> [ReportDocument.Block] in
                        [
                            .keyValues([
                                .init("Asked, \(ReportNumbers.time(exchange.askedAt))", exchange.question),
                                .init(Self.speaker(of: exchange.answer), Self.words(of: exchange.answer)),
                            ])
                        ]
                    }
            }
    }

    private static func speaker(of answer: ChatAnswer) -> String {
        switch answer.speaker {
        case .library: "Answered by the library of prepared texts"
        case .model(let name): "Answered by the language model “\(SafeText.line(name, atMost: 60))”, checked"
        }
    }

    private static func words(of answer: ChatAnswer) -> String {
        let text = SafeText.withoutBold(answer.text)
        switch answer.state {
        case .complete: return text
        case .writing, .interrupted: return text + "\n(The answer broke off.)"
        case .stopped: return text + "\n(The answer was stopped.)"
        }
    }

    /// Sentences of the library as paragraphs and lists.
    static func blocks(of sentences: [AnswerSentence]) -> [ReportDocument.Block] {
        var blocks: [ReportDocument.Block] = []
        for sentence in sentences {
            let text = SafeText.withoutBold(sentence.text)
            switch (sentence.layout, blocks.last) {
            case (.same, .paragraph(let before)?): blocks[blocks.count - 1] = .paragraph("\(before) \(text)")
            case (.item, .list(let items)?): blocks[blocks.count - 1] = .list(items + [text])
            case (.item, _): blocks.append(.list([text]))
            case (.same, _), (.paragraph, _): blocks.append(.paragraph(text))
            }
        }
        return blocks
    }

    var picture: ReportDocument.Figure {
        let changed = content.analysis.adjustment.words
        return .init(
            jpeg: content.preview,
            caption: changed.map { "The picture as it was analysed: \($0) (shown smaller)." }
                ?? "The picture as received (shown smaller).",
            alternative: "The chest X-ray that was analysed\(changed.map { ": \($0)" } ?? "").")
    }

    var responsible: String {
        let name = content.responsible.trimmingCharacters(in: .whitespacesAndNewlines)
        return name.isEmpty ? "Nobody was named by the operator of this installation." : name
    }
}
