import Foundation
import ReportDocuments

/// Makes PDFs as the product does and says how long that took, for `bench/report.py`.
///
/// Its argument is a document in JSON (see ``Description``). It reads one line a command from standard input: `make`
/// makes the document and answers milliseconds and bytes; `write FILE` also writes it.
@main
struct ReportBench {
    /// A document, with the pictures as names of files.
    struct Description: Decodable {
        struct Block: Decodable {
            struct Figure: Decodable {
                let file, caption, alternative: String
                let columns: Int?
                let values: [Float]?
            }

            let heading, paragraph, note: String?
            let level: Int?
            let notice: [String]?
            let keyValues: [[String]]?
            let list: [String]?
            let header: [String]?
            let rows: [[String]]?
            let weights: [Double]?
            let figures: [Figure]?
        }

        let title, author, subject, created, header, footer: String
        let keywords: [String]
        let paper, watermark, stamp: String?
        let blocks: [Block]
    }

    static func main() throws {
        guard CommandLine.arguments.count == 2 else { throw Mistake(what: "usage: report-bench DOCUMENT.json") }
        let file = URL(filePath: CommandLine.arguments[1])
        let document = try document(JSONDecoder().decode(Description.self, from: Data(contentsOf: file)))
        while let line = readLine() {
            let started = ContinuousClock.now
            let pdf = try PDFRenderer().render(document)
            let elapsed = started.duration(to: .now) / .milliseconds(1)
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            if words.count == 2 { try Data(pdf).write(to: URL(filePath: words[1])) }
            try FileHandle.standardOutput.write(contentsOf: Data("\(elapsed) \(pdf.count)\n".utf8))
        }
    }

    struct Mistake: Error {
        let what: String
    }

    static func document(_ description: Description) throws -> ReportDocument {
        ReportDocument(
            metadata: .init(
                title: description.title, author: description.author, subject: description.subject,
                keywords: description.keywords, created: description.created),
            header: description.header, footer: description.footer,
            paper: description.paper == "letter" ? .letter : .a4, watermark: description.watermark ?? "",
            stamp: description.stamp, blocks: try description.blocks.map(block))
    }

    static func block(_ block: Description.Block) throws -> ReportDocument.Block {
        if let text = block.heading { return .heading(level: block.level ?? 1, text) }
        if let text = block.paragraph { return .paragraph(text) }
        if let text = block.note { return .note(text) }
        if let texts = block.notice, texts.count == 2 {
            return .notice(title: texts[0], text: texts[1], tone: .caution)
        }
        if let pairs = block.keyValues { return .keyValues(pairs.map { .init($0[0], $0[1]) }) }
        if let items = block.list { return .list(items) }
        if let header = block.header, let rows = block.rows {
            return .table(
                .init(header: header, rows: rows, weights: block.weights ?? header.map { _ in 1 }, rowHeaders: true))
        }
        if let figures = block.figures {
            return .figures(
                try figures.map { figure in
                    .init(
                        jpeg: [UInt8](try Data(contentsOf: URL(filePath: figure.file))),
                        overlay: figure.columns.flatMap { columns in
                            figure.values.map { .init(columns: columns, rows: $0.count / columns, values: $0) }
                        }, caption: figure.caption, alternative: figure.alternative)
                })
        }
        throw Mistake(what: "a block of no known kind")
    }
}
