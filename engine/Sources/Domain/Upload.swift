public import Foundation

/// One picture that was received, hashed and found readable.
public struct Upload: Codable, Sendable, Equatable {
    public let id: UploadID
    public let sessionID: SessionID
    /// The name that the sender gave, made safe to show by ``FileName``; data, never a path.
    public let fileName: String
    public let bytes: Int
    /// SHA-256 of the bytes as received, lower-case hexadecimal.
    public let sha256: String
    public let inspection: PictureInspection
    public let createdAt: Date
    /// Letters in the pixels.
    public var burnedIn: BurnedIn

    /// What is known of letters in the pixels.
    public enum BurnedIn: Codable, Sendable, Equatable {
        /// Nobody has looked yet.
        case pending
        /// It couldn't be found out.
        case unknown
        case read(BurnedInText)
    }

    public init(
        id: UploadID, sessionID: SessionID, fileName: String, bytes: Int, sha256: String,
        inspection: PictureInspection, createdAt: Date, burnedIn: BurnedIn = .pending
    ) {
        self.id = id
        self.sessionID = sessionID
        self.fileName = fileName
        self.bytes = bytes
        self.sha256 = sha256
        self.inspection = inspection
        self.createdAt = createdAt
        self.burnedIn = burnedIn
    }

    /// The projection that the file itself states, if it states one: `PA`, `AP` or `LL`.
    public var capturedView: String? {
        switch inspection.dicom?.viewPosition?.uppercased() {
        case "PA": "PA"
        case "AP": "AP"
        case "LL", "RL", "LLD", "RLD", "LATERAL", "LAT": "LL"
        default: nil
        }
    }
}

/// Names that people and programs give to files.
public enum FileName {
    public static let longest = 120

    /// The last path component of `name` without control characters and without characters that order text, at most
    /// ``longest`` characters; `fallback` if nothing remains.
    public static func display(_ name: String?, fallback: String) -> String {
        guard let name else { return fallback }
        let last = name.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map(String.init) ?? ""
        var kept = String.UnicodeScalarView()
        for scalar in last.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: continue
            default: kept.append(scalar)
            }
        }
        let trimmed = String(kept).trimmingCharacters(in: .whitespaces)
        guard !trimmed.isEmpty, trimmed != ".", trimmed != ".." else { return fallback }
        return String(trimmed.prefix(longest))
    }
}
