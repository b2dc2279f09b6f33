/// `Upload-Metadata`: pairs of a key and a Base64 value, with commas between them and a blank inside.
public struct UploadMetadata: Sendable, Equatable {
    /// A key without a value has an empty one.
    public private(set) var values: [String: [UInt8]] = [:]

    /// More than this isn't read.
    public static let longest = 4096
    public static let mostPairs = 32

    /// - Parameter header: nil where the header is missing.
    /// - Throws: ``TusError`` `badMetadata`.
    public init(_ header: String?) throws(TusError) {
        guard let header, !header.isEmpty else { return }
        guard header.utf8.count <= Self.longest else {
            throw TusError(.badMetadata, Self.name, "The header \(Self.name) is longer than \(Self.longest) bytes.")
        }
        let pairs = header.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false)
        guard pairs.count <= Self.mostPairs else {
            throw TusError(.badMetadata, Self.name, "The header \(Self.name) has more than \(Self.mostPairs) pairs.")
        }
        for pair in pairs {
            let words = pair.split(separator: UInt8(ascii: " "))
            guard let key = words.first, words.count <= 2, key.allSatisfy({ (0x21...0x7e).contains($0) }),
                let value = words.count == 2 ? Base64.decode(words[1]) : [],
                values.updateValue(value, forKey: String(decoding: key, as: UTF8.self)) == nil
            else {
                throw TusError(
                    .badMetadata, Self.name,
                    "The header \(Self.name) must hold pairs of a key and a Base64 value, each key once.")
            }
        }
    }

    /// The value as text; nil where there is none or it isn't UTF-8.
    public func text(_ key: String) -> String? {
        values[key].flatMap { String(validating: $0, as: UTF8.self) }
    }

    private static let name = "Upload-Metadata"
}
