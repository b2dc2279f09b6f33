import Foundation
import Testing

/// Tools that we did not write, on documents that we made.
enum PDFTools {
    struct Output {
        let status: Int32
        let data: Data
        var text: String { String(decoding: data, as: UTF8.self) }
    }

    static func run(_ command: [String], on pdf: [UInt8], then: [String] = []) throws -> Output {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID()).pdf")
        try Data(pdf).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command + [file.path] + then
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return Output(status: process.terminationStatus, data: data)
    }

    /// Whether any font of the machine has this character.
    static func hasFont(for character: Unicode.Scalar) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        let wanted = ":charset=\(String(character.value, radix: 16)):scalable=true:color=false"
        process.arguments = ["fc-list", wanted, "family"]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        defer { process.waitUntilExit() }
        return !pipe.fileHandleForReading.readDataToEndOfFile().isEmpty
    }

    /// What a tool of poppler says.
    static func poppler(_ name: String, _ arguments: [String] = [], on pdf: [UInt8]) throws -> String {
        let output = try run([name] + arguments, on: pdf, then: name == "pdftotext" ? ["-"] : [])
        try #require(output.status == 0, "\(name) needs poppler-utils")
        return output.text
    }

    static func pageCount(_ pdf: [UInt8]) throws -> Int {
        try #require(try poppler("pdfinfo", on: pdf).firstMatch(of: /Pages: +(\d+)/).flatMap { Int($0.1) })
    }

    /// What `tests/support/pdf_archive.py` finds wrong, a line for each; nothing if all is well.
    static func archiveProblems(_ pdf: [UInt8]) throws -> String {
        var root = URL(filePath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let output = try run(
            [
                root.appending(path: ".venv-test/bin/python").path, "-B",
                root.appending(path: "tests/support/pdf_archive.py").path,
            ], on: pdf)
        try #require(output.status == 0 || !output.text.isEmpty, "make setup makes .venv-test, which this takes")
        return output.text
    }

    /// A page as grey pixels.
    struct Page {
        let width, height: Int
        let grey: [UInt8]

        func part(_ x: Range<Double>, _ y: Range<Double>) -> [UInt8] {
            let columns = Int(x.lowerBound * Double(width))..<Int(x.upperBound * Double(width))
            let rows = Int(y.lowerBound * Double(height))..<Int(y.upperBound * Double(height))
            return rows.flatMap { row in columns.map { grey[row * width + $0] } }
        }

        /// Means over a coarse grid.
        func means(columns: Int, rows: Int) -> [Int] {
            (0..<(columns * rows)).map { index in
                let (column, row) = (index % columns, index / columns)
                let part = part(
                    Double(column) / Double(columns)..<Double(column + 1) / Double(columns),
                    Double(row) / Double(rows)..<Double(row + 1) / Double(rows))
                return part.reduce(0) { $0 + Int($1) } / max(1, part.count)
            }
        }
    }

    /// The first pages, drawn by poppler.
    static func pages(_ pdf: [UInt8], dpi: Int = 36, most: Int = 6) throws -> [Page] {
        let output = try run(["pdftoppm", "-gray", "-r", "\(dpi)", "-l", "\(most)"], on: pdf)
        try #require(output.status == 0, "pdftoppm needs poppler-utils")
        let bytes = [UInt8](output.data)
        var pages: [Page] = []
        var start = 0
        while start < bytes.count {
            // `P5`, width, height, 255, each on a line or after a space; then the pixels.
            var words: [Int] = []
            var index = start + 2
            while words.count < 3 {
                while bytes[index] <= 0x20 { index += 1 }
                let end = try #require(bytes[index...].firstIndex { $0 <= 0x20 })
                words.append(try #require(Int(String(decoding: bytes[index..<end], as: UTF8.self))))
                index = end
            }
            let pixels = index + 1
            start = pixels + words[0] * words[1]
            pages.append(Page(width: words[0], height: words[1], grey: Array(bytes[pixels..<start])))
        }
        return pages
    }
}
