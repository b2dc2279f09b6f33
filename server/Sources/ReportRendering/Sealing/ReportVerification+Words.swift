import Domain
import Foundation
import Workflows

extension ReportVerification {
    /// What was found, in sentences for people; the first says whether the document can be relied on.
    public var sentences: [String] {
        var sentences = [verdict]
        sentences += changes.prefix(20).map(\.sentence)
        if changes.count > 20 { sentences.append("There are \(changes.count - 20) more places.") }
        if !isGenuine, let other = otherSeals.first {
            let all = otherSeals.count == 1 ? "Another seal stands" : "\(otherSeals.count) more seals stand"
            sentences.append("\(all) in the file, the first at byte \(other.lowerBound). They don't fit it either.")
        }
        if let key {
            let trust = isTrusted ? "a trusted key" : "a key that isn't among the trusted ones"
            sentences.append("Sealed with \(trust), fingerprint \(key.id).")
        }
        if let statement {
            if !isGenuine { sentences.append("What the seal says is about the document as it was sealed:") }
            sentences += statement.sentences
        }
        return sentences
    }

    private var verdict: String {
        switch outcome {
        case .genuine where isTrusted: "Genuine: every byte is as it was sealed."
        case .genuine:
            "Not proven: every byte is as it was sealed, but anybody can seal with a key of their own, and this one isn't trusted here."
        case .changed: "Changed: the document isn't as it was sealed."
        case .sealChanged where statement != nil:
            "Changed: the seal was changed; the document itself is as it was sealed."
        case .sealChanged: "Changed: the seal can't be read, so that nothing can be said of the document."
        case .cutShort: "Changed: the end of the file is missing."
        case .noSeal: "There is no seal in this file. It is no report, or its seal was cut off."
        }
    }
}

extension ReportVerification.Change {
    /// Where, and what.
    public var sentence: String {
        switch self {
        case .byte(let place, let was, let now): "Byte \(place) was \(was.named) and is \(now.named)."
        case .bytes(let range): "Something was changed within \(range.named)."
        case .inserted(let range): "\(range.named.capitalisedFirst) \(range.count == 1 ? "was" : "were") put in."
        case .grown(let range, let count):
            "Something was changed within \(range.named), and \(Self.bytes(count)) more stand there than before."
        case .removed(let range, let count, let value?) where range.isEmpty && count == 1:
            "Before byte \(range.lowerBound), the byte \(value.named) was taken out."
        case .removed(let range, let count, _) where range.isEmpty:
            "Before byte \(range.lowerBound), \(Self.bytes(count)) \(count == 1 ? "was" : "were") taken out."
        case .removed(let range, let count, _):
            "Something was changed within \(range.named), and \(Self.bytes(count)) fewer stand there than before."
        case .cut(let place, let count):
            "\(Self.bytes(count).capitalisedFirst) \(count == 1 ? "is" : "are") missing at the end, from byte \(place) on or up to \(BlockTable.block - 1) bytes after it."
        case .ended(let place, let count?):
            "The file ends at byte \(place), and \(Self.bytes(count)) \(count == 1 ? "is" : "are") missing from there on. What is before is as it was sealed."
        case .ended(let place, nil):
            "The file ends at byte \(place), within its seal, and what followed is missing. What is before can't be vouched for."
        case .seal(let range): "The seal is at \(range.named), and something in it was changed."
        case .moved(let from, let to): "The seal was moved from byte \(from) to byte \(to)."
        }
    }

    private static func bytes(_ count: Int) -> String { count == 1 ? "1 byte" : "\(count) bytes" }
}

extension ReportStatement {
    /// What was sealed, one thing a line.
    public var sentences: [String] {
        var lines = [
            "Report \(report), made \(created.formatted(.iso8601)), for the \(audience.rawValue), as \(format.rawValue).",
            "Urgency: \(urgency.rawValue). Findings that reached their thresholds: \(marked.isEmpty ? "none" : marked.map(\.printable).joined(separator: ", ")).",
            "Picture SHA-256: \(sources.picture.printable)",
            "Model SHA-256: \(sources.model.printable)",
            "Preprocessing SHA-256: \(sources.preprocessing.printable)",
            "Thresholds SHA-256: \(sources.thresholds.printable)",
            "Context SHA-256: \(sources.context.printable)",
            "Software: Lightbox \(sources.softwareVersion.printable)",
        ]
        if let withdrawal {
            lines.append(
                "The model \(withdrawal.model.printable) \(withdrawal.version.printable) was withdrawn \(withdrawal.at.formatted(.iso8601)): don't rely on this report."
            )
        }
        return lines
    }
}

extension ReportCode.Content {
    /// What the code says, one thing a line.
    public var sentences: [String] {
        var lines = [
            "Report \(report), made \(created.formatted(.iso8601)), for the \(audience.rawValue).",
            "Urgency: \(urgency.rawValue). Findings that reached their thresholds: \(marked.isEmpty ? "none" : marked.map(\.printable).joined(separator: ", ")).",
        ]
        if isWithdrawn { lines.append("The version of the model was withdrawn: don't rely on this report.") }
        lines.append(
            "Compare this with the paper: the code vouches for what it says, not for what is printed around it.")
        return lines
    }
}

extension UInt8 {
    /// In hexadecimal, with the character where it has one.
    fileprivate var named: String {
        let digits = [self].hexadecimal
        return (0x21...0x7e).contains(self) ? "0x\(digits) “\(Character(Unicode.Scalar(self)))”" : "0x\(digits)"
    }
}

extension Range<Int> {
    fileprivate var named: String {
        count == 1 ? "byte \(lowerBound)" : "bytes \(lowerBound) to \(upperBound - 1)"
    }
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }

    /// Without what would steer a terminal or turn the direction of writing: anybody can sign a statement.
    fileprivate var printable: String {
        String(
            String.UnicodeScalarView(
                unicodeScalars.map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: "\u{fffd}"
                    default: scalar
                    }
                }))
    }
}
