/// `Upload-Checksum`: the name of an algorithm and the Base64 digest of the body that it comes with.
public struct UploadChecksum: Sendable, Equatable {
    public enum Algorithm: String, Sendable, CaseIterable {
        case sha1, sha256, md5

        /// Bytes of a digest.
        public var length: Int {
            switch self {
            case .sha1: 20
            case .sha256: 32
            case .md5: 16
            }
        }
    }

    public let algorithm: Algorithm
    public let digest: [UInt8]

    /// - Throws: ``TusError`` `unknownAlgorithm` or `badChecksum`.
    public init(_ header: String) throws(TusError) {
        let words = header.utf8.split(separator: UInt8(ascii: " "))
        guard header.utf8.count <= 256, words.count == 2 else { throw Self.malformed }
        guard let algorithm = Algorithm(rawValue: String(decoding: words[0], as: UTF8.self).lowercased()) else {
            throw TusError(
                .unknownAlgorithm, Self.name,
                "The checksum's algorithm must be \(Algorithm.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard let digest = Base64.decode(words[1]), digest.count == algorithm.length else { throw Self.malformed }
        self.algorithm = algorithm
        self.digest = digest
    }

    private static let name = "Upload-Checksum"
    private static var malformed: TusError {
        TusError(
            .badChecksum, name, "The header \(name) must be an algorithm and the Base64 digest, with a blank between.")
    }
}
