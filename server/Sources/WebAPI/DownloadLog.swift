import Domain
import Foundation
import Synchronization
import Workflows

/// Tells downloads apart: a document that is fetched in parts, or goes on after a break, is one download for some seconds.
final class DownloadLog: Sendable {
    private struct Key: Hashable {
        var session: SessionID
        var document: String
    }

    private let begun = Mutex<[Key: Date]>([:])
    private let now: @Sendable () -> Date

    /// Parts of one document within this time are one download.
    static let seconds: TimeInterval = 10
    private static let most = 10_000

    init(now: @escaping @Sendable () -> Date) {
        self.now = now
    }

    /// Whether this is a new download. The time counts from its beginning, so that asking on and on doesn't stay one.
    ///
    /// - Parameter isWhole: a whole document is a download, however short it is after another.
    func isNew(_ document: String, in session: SessionID, isWhole: Bool) -> Bool {
        let time = now()
        return begun.withLock { begun in
            let key = Key(session: session, document: document)
            if !isWhole, let before = begun[key], abs(time.timeIntervalSince(before)) < Self.seconds { return false }
            if begun.count >= Self.most {
                begun = begun.filter { abs(time.timeIntervalSince($0.value)) < Self.seconds }
            }
            if begun.count >= Self.most { begun = [:] }
            begun[key] = time
            return true
        }
    }
}
