/// One row of a list of labelled pictures: `file,labels,patient,view,age,sex`.
public struct LabelledPicture: Sendable, Equatable {
    public var file: String
    /// As written, for example `Pleural_Thickening`; empty for `No Finding`.
    public var labels: Set<String>
    public var patient: String
    /// `PA`, `AP` or nil.
    public var view: String?
    /// Whole years; nil if not known.
    public var age: Int?
    /// `M`, `F` or nil.
    public var sex: String?

    /// Reads a CSV (RFC 4180, without quoted commas in these columns) whose header names the columns in any order.
    ///
    /// - Throws: ``UnreadableLabels`` with the line.
    public static func list(_ text: String) throws(UnreadableLabels) -> [LabelledPicture] {
        let lines = text.split(whereSeparator: \.isNewline)
        guard let header = lines.first else { throw UnreadableLabels(line: 1, message: "The file is empty.") }
        let names = cells(header)
        guard let file = names.firstIndex(of: "file"), let labels = names.firstIndex(of: "labels") else {
            throw UnreadableLabels(line: 1, message: "The header lacks “file” or “labels”.")
        }
        var pictures: [LabelledPicture] = []
        for (index, line) in lines.enumerated().dropFirst() {
            let row = cells(line)
            guard row.count == names.count else {
                throw UnreadableLabels(
                    line: index + 1, message: "The line has \(row.count) columns, the header \(names.count).")
            }
            func cell(_ name: String) -> String? {
                names.firstIndex(of: name).map { row[$0] }.flatMap { $0.isEmpty ? nil : $0 }
            }
            pictures.append(
                LabelledPicture(
                    file: row[file],
                    labels: Set(row[labels].split(separator: "|").map(String.init)).subtracting(["No Finding"]),
                    patient: cell("patient") ?? row[file], view: cell("view"),
                    age: cell("age").flatMap { Int($0) }, sex: cell("sex")))
        }
        return pictures
    }

    private static func cells(_ line: Substring) -> [String] {
        line.split(separator: ",", omittingEmptySubsequences: false).map { cell in
            let text = cell.drop { $0 == " " || $0 == "\"" || $0 == "\u{feff}" }
            return String(text.reversed().drop { $0 == " " || $0 == "\"" }.reversed())
        }
    }

    /// What the labels say about a head, or nil if they can't speak of it.
    ///
    /// `any-finding` is positive where there is any label; another head where its own label is among them, written with
    /// hyphens or underscores, in any case.
    public func says(of head: String, among known: Set<String>) -> Bool? {
        if head == "any-finding" { return !labels.isEmpty }
        let own = Self.identifier(head)
        guard known.contains(own) else { return nil }
        return labels.contains { Self.identifier($0) == own }
    }

    /// A label as the id of a head.
    public static func identifier(_ label: String) -> String {
        String(label.lowercased().map { $0 == "_" || $0 == " " ? "-" : $0 })
    }
}

/// A list of labels that can't be read.
public struct UnreadableLabels: Error, Sendable, Equatable {
    /// Counted from 1.
    public var line: Int
    public var message: String

    public init(line: Int, message: String) {
        self.line = line
        self.message = message
    }
}
