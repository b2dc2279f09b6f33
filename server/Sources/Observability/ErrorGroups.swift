public import Foundation
import Metrics
import Synchronization

/// Errors that look alike, counted together: those of browsers, of requests that ended with 500 or more, and of workers.
public struct ErrorGroup: Sendable, Equatable, Codable {
    /// 16 hexadecimal digits, the same for the same kind of error in every process.
    public var fingerprint: String
    /// The part that reports, for example `browser`, `server` or `worker`.
    public var origin: String
    /// As it came the last time, cut.
    public var message: String
    public var count: Int
    public var firstSeen: Date
    public var lastSeen: Date
    /// The last few requests in which it happened, newest first.
    public var requestIDs: [String]
    /// When an operator said that it is dealt with; nil again when it comes back.
    public var resolvedAt: Date?
}

/// Keeps groups over a restart.
public protocol ErrorGroupStore: Sendable {
    func errorGroups() async throws -> [ErrorGroup]
    /// Writes those and lets go of all others but the `limit` that came last.
    func keep(_ groups: [ErrorGroup], limit: Int) async throws
}

/// The groups in memory, bounded. Whoever reports never waits; ``flush(to:)`` writes what has changed.
public final class ErrorGroups: Sendable {
    private struct State {
        var groups: [String: ErrorGroup] = [:]
        var changed: Set<String> = []
    }

    public static let mostGroups = 200
    public static let mostRequestIDs = 5
    private let state = Mutex(State())

    public init() {}

    /// Takes over what the last process kept.
    public func restore(from store: any ErrorGroupStore) async throws {
        let kept = try await store.errorGroups()
        state.withLock { state in
            for group in kept.prefix(Self.mostGroups) where state.groups[group.fingerprint] == nil {
                state.groups[group.fingerprint] = group
            }
        }
    }

    /// - Parameters:
    ///   - message: words with digits in them don't tell groups apart. It must hold no patient data.
    public func report(origin: String, message: String, requestID: String?, at now: Date) {
        Counter(label: "lightbox_errors_total", dimensions: [("origin", origin)]).increment()
        let fingerprint = Self.fingerprint(origin + ": " + Self.normalised(message))
        state.withLock { state in
            var group =
                state.groups[fingerprint]
                ?? ErrorGroup(
                    fingerprint: fingerprint, origin: origin, message: "", count: 0, firstSeen: now, lastSeen: now,
                    requestIDs: [])
            group.count += 1
            group.message = String(message.prefix(300))
            group.lastSeen = now
            group.resolvedAt = nil
            if let requestID, !requestID.isEmpty, !group.requestIDs.contains(requestID) {
                group.requestIDs = ([requestID] + group.requestIDs).prefix(Self.mostRequestIDs).map(\.self)
            }
            state.groups[fingerprint] = group
            state.changed.insert(fingerprint)
            if state.groups.count > Self.mostGroups,
                let oldest = state.groups.min(by: { $0.value.lastSeen < $1.value.lastSeen })
            {
                state.groups[oldest.key] = nil
                state.changed.remove(oldest.key)
            }
        }
    }

    /// - Returns: the group, or nil where there is none with that fingerprint.
    public func resolve(_ fingerprint: String, at now: Date) -> ErrorGroup? {
        state.withLock { state in
            guard state.groups[fingerprint] != nil else { return nil }
            state.groups[fingerprint]?.resolvedAt = now
            state.changed.insert(fingerprint)
            return state.groups[fingerprint]
        }
    }

    /// Writes what has changed since the last time. What can't be written is tried again.
    public func flush(to store: any ErrorGroupStore) async throws {
        let changed = state.withLock { state in
            defer { state.changed = [] }
            return state.changed.compactMap { state.groups[$0] }
        }
        guard !changed.isEmpty else { return }
        do {
            try await store.keep(changed, limit: Self.mostGroups)
        } catch {
            state.withLock { $0.changed.formUnion(changed.map(\.fingerprint)) }
            throw error
        }
    }

    /// The most recent first.
    public var all: [ErrorGroup] {
        state.withLock { $0.groups.values.sorted { $0.lastSeen > $1.lastSeen } }
    }

    static func normalised(_ message: String) -> String {
        message.prefix(200).split(separator: " ").map { word in
            word.contains(where: \.isNumber) ? "#" : String(word)
        }.joined(separator: " ")
    }

    /// FNV-1a, 64 bits: a name, not a secret.
    static func fingerprint(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return TraceContext.hexadecimal(hash)
    }
}
