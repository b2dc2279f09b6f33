public import Foundation

/// What alerts are decided by: numbers that the server knows of itself. What isn't known at a moment has no number.
public enum AlertSignal: String, Sendable, Codable, CaseIterable {
    /// Answers with 500 or more as a share of all in the last five minutes, 0 to 1; unknown with fewer than ten requests.
    case errorRatio = "error-ratio"
    /// Seconds that the oldest analysis has waited.
    case queueAge = "queue-age"
    /// Room on the data folder's disk as a share, 0 to 1.
    case diskFree = "disk-free"
    /// Resident memory of the server in MiB.
    case memory
    /// Resident memory of the largest worker in MiB.
    case workerMemory = "worker-memory"
    /// Workers that crashed, hung or broke their sandbox in the last ten minutes.
    case workerCrashes = "worker-crashes"
    /// 1 if the golden pictures don't give what they should.
    case modelDrift = "model-drift"
    /// 1 if the audit trail's chain is broken.
    case auditBreak = "audit-break"
    /// Days until the watched certificate ends.
    case certificateDays = "certificate-days"
    /// 1 if a language model is configured and none of its servers can be asked.
    case languageModelDown = "language-model-down"
}

/// When to say what to operators. A value: rules come as a list, from here or from a file.
public struct AlertRule: Sendable, Equatable, Codable {
    public enum Severity: String, Sendable, Codable, CaseIterable {
        case warning, critical
    }

    public enum Comparison: String, Sendable, Codable, CaseIterable {
        case above, below
    }

    /// As it stands in addresses; those of ``standard`` each have a section of that name in the runbook.
    public var id: String
    public var signal: AlertSignal
    public var comparison: Comparison
    public var threshold: Double
    /// Seconds that it must hold before anybody is told.
    public var `for`: Double
    public var severity: Severity
    /// One sentence for operators, without patient data.
    public var text: String
    /// Seconds after which an alert that still fires is told again.
    public var `repeat`: Double

    public init(
        _ id: String, _ signal: AlertSignal, _ comparison: Comparison, _ threshold: Double, for duration: Double,
        _ severity: Severity, _ text: String, repeat interval: Double = 4 * 3600
    ) {
        self.id = id
        self.signal = signal
        self.comparison = comparison
        self.threshold = threshold
        self.for = duration
        self.severity = severity
        self.text = text
        self.repeat = interval
    }

    /// Where to read what to do. A rule of an operator's own is about a number that a standard one is about too.
    public var runbook: String {
        let known = Self.standard.first { $0.id == id } ?? Self.standard.first { $0.signal == signal }
        return "docs/operations.md#\(known?.id ?? "alerts")"
    }

    func holds(_ value: Double) -> Bool { comparison == .above ? value > threshold : value < threshold }

    /// What holds unless an operator names a file. `deploy/prometheus/alerts.yml` says the same to Prometheus.
    public static let standard: [AlertRule] = [
        AlertRule(
            "error-rate", .errorRatio, .above, 0.05, for: 120, .critical,
            "More than 5 % of all requests fail with an error of the server."),
        AlertRule(
            "queue-age", .queueAge, .above, 300, for: 60, .warning, "An analysis has waited for more than 5 minutes."),
        AlertRule("disk-free", .diskFree, .below, 0.1, for: 60, .warning, "Less than 10 % of the disk is free."),
        AlertRule("disk-full", .diskFree, .below, 0.02, for: 0, .critical, "Less than 2 % of the disk is free."),
        AlertRule("memory", .memory, .above, 2048, for: 300, .warning, "The server holds more than 2 GiB of memory."),
        AlertRule(
            "worker-memory", .workerMemory, .above, 1536, for: 60, .warning,
            "A worker holds more than 1.5 GiB of memory, and isn't replaced."),
        AlertRule(
            "worker-crash-loop", .workerCrashes, .above, 4, for: 0, .critical,
            "Workers have failed five times or more in ten minutes."),
        AlertRule(
            "model-drift", .modelDrift, .above, 0, for: 0, .critical,
            "The golden pictures don't give what they should. New analyses wait."),
        AlertRule("audit-break", .auditBreak, .above, 0, for: 0, .critical, "The chain of the audit trail is broken."),
        AlertRule(
            "certificate-expiry", .certificateDays, .below, 14, for: 0, .warning,
            "The certificate ends in less than 14 days.", repeat: 24 * 3600),
        AlertRule(
            "language-model-down", .languageModelDown, .above, 0, for: 120, .warning,
            "The language model doesn't answer. The library of prepared answers speaks alone."),
    ]
}

/// Where one rule stands.
public struct Alert: Sendable, Equatable, Codable {
    public enum State: String, Sendable, Codable {
        /// It holds, but not long enough yet.
        case pending
        case firing
        /// It has fired and doesn't hold any more.
        case resolved
    }

    public var rule: String
    public var state: State
    /// Since when it has been in this state.
    public var since: Date
    /// The number that it was last decided by.
    public var value: Double
    /// When somebody was last told that it fires; nil if nobody was.
    public var toldAt: Date?
    public var silence: Silence?

    public struct Silence: Sendable, Equatable, Codable {
        public var until: Date
        public var reason: String

        public init(until: Date, reason: String) {
            self.until = until
            self.reason = reason
        }
    }
}

/// Something to tell operators.
public struct AlertNotice: Sendable, Equatable, Codable {
    public enum Status: String, Sendable, Codable {
        case firing, resolved
    }

    public var rule: String
    public var status: Status
    public var severity: AlertRule.Severity
    public var text: String
    public var value: Double
    public var since: Date
    public var runbook: String

    public init(
        rule: String, status: Status, severity: AlertRule.Severity, text: String, value: Double, since: Date,
        runbook: String
    ) {
        self.rule = rule
        self.status = status
        self.severity = severity
        self.text = text
        self.value = value
        self.since = since
        self.runbook = runbook
    }
}

/// All alerts: a pure state machine. Time and numbers come in, what to tell comes out; each alert is told once when it
/// begins to fire, again after its repeat interval, and once when it is over.
public struct AlertBook: Sendable, Equatable {
    public let rules: [AlertRule]
    /// By rule; a rule that never held has none.
    public private(set) var alerts: [String: Alert]

    /// - Parameter alerts: what the last process knew, so that a restart tells nothing twice.
    public init(rules: [AlertRule], alerts: [Alert] = []) {
        self.rules = rules
        let known = Set(rules.map(\.id))
        self.alerts = Dictionary(
            alerts.filter { known.contains($0.rule) }.map { ($0.rule, $0) }, uniquingKeysWith: { $1 })
    }

    /// - Parameter signals: a signal that isn't known leaves its alerts as they are.
    public mutating func evaluate(_ signals: [AlertSignal: Double], at now: Date) -> [AlertNotice] {
        rules.compactMap { rule in
            guard let value = signals[rule.signal], value.isFinite else { return nil }
            return evaluate(rule, value, at: now)
        }
    }

    private mutating func evaluate(_ rule: AlertRule, _ value: Double, at now: Date) -> AlertNotice? {
        var alert = alerts[rule.id]
        if let silence = alert?.silence, silence.until <= now { alert?.silence = nil }
        defer { alerts[rule.id] = alert }
        guard rule.holds(value) else {
            alert?.value = value
            switch alert?.state {
            case .firing?:
                let wasTold = alert?.toldAt != nil
                alert?.state = .resolved
                alert?.since = now
                alert?.toldAt = nil
                // Whoever was never told that it fires needn't hear that it is over.
                return wasTold && alert?.silence == nil ? notice(rule, .resolved, value, now) : nil
            case .pending?:
                // A silence that was set before stays.
                if alert?.silence == nil { alert = nil } else { alert?.state = .resolved }
            case .resolved?, nil: break
            }
            return nil
        }
        let known = alert ?? Alert(rule: rule.id, state: .resolved, since: now, value: value)
        var next = known
        next.value = value
        if next.state == .resolved {
            next.state = .pending
            next.since = now
        }
        if next.state == .pending, now.timeIntervalSince(next.since) >= rule.for {
            next.state = .firing
            next.since = now
        }
        var notice: AlertNotice?
        if next.state == .firing, next.silence == nil,
            next.toldAt.map({ now.timeIntervalSince($0) >= rule.repeat }) ?? true
        {
            next.toldAt = now
            notice = self.notice(rule, .firing, value, next.since)
        }
        alert = next
        return notice
    }

    /// Says nothing of an alert for a while, whether it fires or not.
    ///
    /// - Returns: the alert, or nil where there is no such rule.
    public mutating func silence(_ rule: String, _ silence: Alert.Silence, at now: Date) -> Alert? {
        guard rules.contains(where: { $0.id == rule }) else { return nil }
        var alert = alerts[rule] ?? Alert(rule: rule, state: .resolved, since: now, value: 0)
        alert.silence = silence
        alerts[rule] = alert
        return alert
    }

    private func notice(_ rule: AlertRule, _ status: AlertNotice.Status, _ value: Double, _ since: Date) -> AlertNotice
    {
        AlertNotice(
            rule: rule.id, status: status, severity: rule.severity, text: rule.text, value: value, since: since,
            runbook: rule.runbook)
    }
}

/// Keeps alerts over a restart.
public protocol AlertStore: Sendable {
    func alerts() async throws -> [Alert]
    func keep(_ alerts: [Alert]) async throws
}
