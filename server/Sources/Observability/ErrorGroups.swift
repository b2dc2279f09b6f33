public import Foundation
import Synchronization

/// Errors that look alike, counted together; in memory, and bounded.
public final class ErrorGroups: Sendable {
    public struct Group: Sendable, Equatable {
        public var fingerprint: String
        public var message: String
        public var count: Int
        public var firstSeen: Date
        public var lastSeen: Date
        /// The last few requests in which it happened.
        public var requestIDs: [String]
    }

    public static let mostGroups = 200
    private static let mostRequestIDs = 5
    private let groups = Mutex<[String: Group]>([:])

    public init() {}

    /// - Parameters:
    ///   - origin: the part that reports, for example `browser` or `http`.
    ///   - message: numbers and long hexadecimal texts in it don't tell groups apart.
    public func report(origin: String, message: String, requestID: String?, at now: Date) {
        let fingerprint = origin + ": " + Self.normalised(message)
        groups.withLock { groups in
            var group =
                groups[fingerprint]
                ?? Group(
                    fingerprint: fingerprint, message: message, count: 0, firstSeen: now, lastSeen: now, requestIDs: [])
            group.count += 1
            group.lastSeen = now
            if let requestID {
                group.requestIDs = ([requestID] + group.requestIDs).prefix(Self.mostRequestIDs).map(\.self)
            }
            groups[fingerprint] = group
            if groups.count > Self.mostGroups, let oldest = groups.min(by: { $0.value.lastSeen < $1.value.lastSeen }) {
                groups[oldest.key] = nil
            }
        }
    }

    /// The most recent first.
    public var all: [Group] {
        groups.withLock { $0.values.sorted { $0.lastSeen > $1.lastSeen } }
    }

    static func normalised(_ message: String) -> String {
        message.prefix(200).split(separator: " ").map { word in
            word.contains(where: \.isNumber) ? "#" : String(word)
        }.joined(separator: " ")
    }
}
