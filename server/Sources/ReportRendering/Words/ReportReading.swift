import Domain
import Foundation
import ReportDocuments

/// A document by its sections.
struct ReportSections {
    let opening: [ReportDocument.Block]
    let byHeading: [String: [ReportDocument.Block]]
    let twice: [String]

    init(_ document: ReportDocument) {
        var opening: [ReportDocument.Block] = []
        var sections: [String: [ReportDocument.Block]] = [:]
        var twice: [String] = []
        var current: String?
        for block in document.blocks {
            if case .heading(2, let text) = block {
                if sections[text] != nil { twice.append(text) }
                current = text
                sections[text, default: []] += []
            } else if let current {
                sections[current, default: []].append(block)
            } else {
                opening.append(block)
            }
        }
        self.opening = opening
        byHeading = sections
        self.twice = twice
    }

    /// The entries of the lists under a heading of level 3.
    func list(under title: String, in blocks: [ReportDocument.Block]) -> [String] {
        var isUnder = false
        return blocks.flatMap { block -> [String] in
            switch block {
            case .heading(3, let text):
                isUnder = text == title
                return []
            case .list(let items): return isUnder ? items : []
            default: return []
            }
        }
    }
}

/// What is read from blocks.
enum ReportReading {
    /// The texts between literal parts, or nil where a text isn't made of those parts. The first part begins the text,
    /// the last one ends it.
    static func parse(_ text: String, _ parts: String...) -> [String]? {
        guard let first = parts.first, let last = parts.last else { return nil }
        // By bytes, which is exact and fast: characters can merge across the borders of parts.
        var rest = Array(text.utf8)[...]
        guard rest.starts(with: first.utf8) else { return nil }
        rest = rest.dropFirst(first.utf8.count)
        var captured: [String] = []
        for part in parts.dropFirst().dropLast() {
            let wanted = Array(part.utf8)
            guard let start = rest.indices.first(where: { rest[$0] == wanted[0] && rest[$0...].starts(with: wanted) })
            else { return nil }
            captured.append(String(decoding: rest[..<start], as: UTF8.self))
            rest = rest[(start + wanted.count)...]
        }
        guard rest.count >= last.utf8.count, rest.suffix(last.utf8.count).elementsEqual(last.utf8) else { return nil }
        captured.append(String(decoding: rest.dropLast(last.utf8.count), as: UTF8.self))
        return captured
    }

    static func paragraphs(_ blocks: [ReportDocument.Block]) -> [String] {
        blocks.compactMap { if case .paragraph(let text) = $0 { text } else { nil } }
    }

    static func notes(_ blocks: [ReportDocument.Block]) -> [String] {
        blocks.compactMap { if case .note(let text) = $0 { text } else { nil } }
    }

    static func items(_ blocks: [ReportDocument.Block]) -> [String] {
        blocks.flatMap { if case .list(let items) = $0 { items } else { [String]() } }
    }

    static func loweredLevels(_ blocks: [ReportDocument.Block]) -> [String] {
        notes(blocks).compactMap { parse($0, "Lowered to “", "” on ", "")?.first }
    }

    /// The level whose fixed words a text consists of.
    static func level(_ words: (AcuityLevel) -> String, in text: String) -> AcuityLevel? {
        AcuityLevel.allCases.first { words($0) == text }
    }
}
