/// The protocol for resumable uploads that is spoken here: tus 1.0.0 (https://tus.io/protocols/resumable-upload).
///
/// This module reads and writes its headers, and does nothing else: no sockets, no files.
public enum TusVersion {
    public static let current = "1.0.0"

    /// What of the protocol is spoken besides its core.
    public static let extensions = [
        "creation", "creation-with-upload", "expiration", "checksum", "termination",
    ]
}

/// Why a header of the protocol can't be taken.
public struct TusError: Error, Sendable, Equatable {
    public enum Code: String, Sendable, CaseIterable {
        /// A number that must be there is missing, isn't one, or is too large.
        case badNumber = "bad-number"
        /// `Upload-Metadata` isn't well-formed.
        case badMetadata = "bad-metadata"
        /// `Upload-Checksum` isn't well-formed.
        case badChecksum = "bad-checksum"
        /// `Upload-Checksum` names an algorithm that isn't known.
        case unknownAlgorithm = "unknown-algorithm"
    }

    public var code: Code
    /// The header that is wrong.
    public var header: String
    /// A sentence for people. It repeats nothing of the header.
    public var message: String

    init(_ code: Code, _ header: String, _ message: String) {
        self.code = code
        self.header = header
        self.message = message
    }
}

/// `Upload-Length` and `Upload-Offset`: a whole number that isn't negative.
public enum TusNumber {
    /// - Parameter header: the header's name, for the error.
    /// - Throws: ``TusError`` `badNumber` for anything but 1 to 18 digits.
    public static func parse(_ value: String?, of header: String) throws(TusError) -> Int {
        guard let value else { throw TusError(.badNumber, header, "The header \(header) is missing.") }
        let digits = value.utf8
        guard (1...18).contains(digits.count), digits.allSatisfy({ (48...57).contains($0) }), let number = Int(value)
        else { throw TusError(.badNumber, header, "The header \(header) must be a whole number of at least 0.") }
        return number
    }
}
