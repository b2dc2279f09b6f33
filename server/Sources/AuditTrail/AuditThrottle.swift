import Domain
import Foundation
import Workflows

/// Keeps whoever tries many times from filling the trail: of some events only so many lines a minute are written for one
/// session or operator, and then one that says how many more there were. What was done and what was refused are counted
/// apart, so that neither hides behind the other.
struct AuditThrottle {
    private struct Key: Hashable {
        var event: AuditEvent
        var outcome: AuditOutcome
        var session: String
        var name: String
    }

    private struct Window {
        var began: Date
        var written: Int
        var withheld = 0
        /// The last one that wasn't written.
        var last: AuditRecord?
    }

    private var windows: [Key: Window] = [:]
    /// When all of them were looked at last.
    private var looked = Date.distantPast
    static let length: TimeInterval = 60
    /// So many sessions and operators are counted apart; all others together.
    private static let most = 10_000

    /// - Returns: what is to be written now.
    mutating func take(_ record: AuditRecord) -> [AuditRecord] {
        // What the program tells of itself is rare, and each line counts.
        guard record.actor.kind != .system, let most = record.event.mostPerMinute(record.outcome) else {
            return [record]
        }
        // Looking at all of them for each record would be work that grows with how many there are.
        var written = abs(record.at.timeIntervalSince(looked)) >= 1 ? close(before: record.at) : []
        var key = Key(
            event: record.event, outcome: record.outcome, session: record.actor.session?.description ?? "",
            name: record.actor.name ?? "")
        if windows[key] == nil, windows.count >= Self.most {
            key = Key(event: record.event, outcome: record.outcome, session: "-", name: "-")
        }
        if let window = windows[key], Self.isOver(window, at: record.at) {
            windows[key] = nil
            if let line = Self.summary(window) { written.append(line) }
        }
        var window = windows[key] ?? Window(began: record.at, written: 0)
        if window.written < most {
            window.written += 1
            written.append(record)
        } else {
            window.withheld += 1
            window.last = record
        }
        windows[key] = window
        return written
    }

    /// Ends the minutes that are over, or that began later than it is now: a clock that was set back doesn't silence anybody.
    ///
    /// - Returns: a line for each that had more than were written.
    mutating func close(before now: Date) -> [AuditRecord] {
        var written: [AuditRecord] = []
        looked = now
        for (key, window) in windows where Self.isOver(window, at: now) {
            windows[key] = nil
            if let line = Self.summary(window) { written.append(line) }
        }
        return written.sorted { $0.at < $1.at }
    }

    /// Ends all, as the process does.
    mutating func closeAll() -> [AuditRecord] {
        defer { windows = [:] }
        return windows.values.compactMap(Self.summary).sorted { $0.at < $1.at }
    }

    private static func isOver(_ window: Window, at now: Date) -> Bool {
        abs(now.timeIntervalSince(window.began)) >= length
    }

    private static func summary(_ window: Window) -> AuditRecord? {
        guard var line = window.last else { return nil }
        line.subject = "more:\(window.withheld)"
        line.actor.request = nil
        line.bytes = nil
        return line
    }
}
