public import Foundation
import Metrics
import Synchronization

/// The alerts of this process: evaluates them, keeps what an operator silenced, and remembers all of it in a store.
public final class AlertDesk: Sendable {
    /// A rule, and where it stands.
    public struct Entry: Sendable, Equatable {
        public var rule: AlertRule
        /// nil where it never held.
        public var alert: Alert?
    }

    private let book: Mutex<AlertBook>

    /// - Parameter alerts: what the last process kept.
    public init(rules: [AlertRule], alerts: [Alert] = []) {
        book = Mutex(AlertBook(rules: rules, alerts: alerts))
        count()
    }

    /// - Returns: what to tell operators now.
    public func evaluate(_ signals: [AlertSignal: Double], at now: Date) -> [AlertNotice] {
        let notices = book.withLock { $0.evaluate(signals, at: now) }
        count()
        return notices
    }

    /// - Returns: nil where there is no such rule.
    public func silence(_ rule: String, _ silence: Alert.Silence, at now: Date) -> Entry? {
        book.withLock { book in
            guard let alert = book.silence(rule, silence, at: now) else { return nil }
            return book.rules.first { $0.id == rule }.map { Entry(rule: $0, alert: alert) }
        }
    }

    /// In the order of the rules.
    public var all: [Entry] {
        book.withLock { book in book.rules.map { Entry(rule: $0, alert: book.alerts[$0.id]) } }
    }

    /// What a store keeps.
    public var alerts: [Alert] { book.withLock { Array($0.alerts.values) } }

    private func count() {
        let firing = book.withLock { book in
            book.rules.filter { book.alerts[$0.id]?.state == .firing }.map(\.severity)
        }
        for severity in AlertRule.Severity.allCases {
            Gauge(label: "lightbox_alerts_firing", dimensions: [("severity", severity.rawValue)])
                .record(firing.count { $0 == severity })
        }
    }
}
