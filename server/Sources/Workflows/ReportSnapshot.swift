import Domain
import Foundation

/// What a report says, as it is kept: a file of JSON and the picture beside it. All documents of a report are made from
/// it, so that one that is made later says what was true when the report was made.
struct ReportSnapshot: Codable {
    /// Of this form. One that this program can't read gives no documents.
    static let currentVersion = 1

    var version = currentVersion
    /// With the questionnaire as it was, whose words the answers need; without the picture.
    var content: ReportContent

    init(_ content: ReportContent) {
        self.content = content
    }

    /// - Parameter picture: JPEG; empty where there is none, and then no file is kept of it.
    static func files(of content: ReportContent, picture: [UInt8]) throws -> [NamedBytes] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let said = NamedBytes(.reportSnapshot(content.id), Array(try encoder.encode(ReportSnapshot(content))))
        return picture.isEmpty ? [said] : [NamedBytes(.reportPicture(content.id), picture), said]
    }

    static func content(from file: [UInt8]) throws -> ReportContent {
        let decoder = JSONDecoder()
        let data = Data(file)
        guard try decoder.decode(Head.self, from: data).version == currentVersion else { throw OtherVersion() }
        return try decoder.decode(ReportSnapshot.self, from: data).content
    }

    private struct Head: Decodable {
        var version: Int
    }

    struct OtherVersion: Error, CustomStringConvertible {
        let description = "the report was kept by another version of the program"
    }
}
