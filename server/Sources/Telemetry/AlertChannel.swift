import Logging
import Metrics
public import Observability
import Synchronization

/// A way to reach operators.
public protocol AlertChannel: Sendable {
    /// A word for metrics and logs.
    var name: String { get }

    func deliver(_ notice: AlertNotice) async throws
}

/// Notices on their way through one channel: in order, tried again with growing pauses, and bounded, so that a channel
/// that is down costs a few kilobytes and nobody's time.
public final class AlertOutbox: Sendable {
    public static let most = 100
    /// Pauses between tries.
    public static let pauses: [Duration] = [.seconds(1), .seconds(5), .seconds(30), .seconds(120)]

    private let channel: any AlertChannel
    private let pause: @Sendable (Duration) async throws -> Void
    private let waiting = Mutex<[AlertNotice]>([])
    private let bell: AsyncStream<Void>.Continuation
    private let calls: AsyncStream<Void>
    private let logger = Logger(label: "lightbox.alerts")

    /// - Parameter pause: how to wait.
    public init(
        _ channel: any AlertChannel,
        pause: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.channel = channel
        self.pause = pause
        (calls, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Never waits. Where too many wait, the oldest is let go.
    public func post(_ notice: AlertNotice) {
        let isDropping = waiting.withLock { waiting in
            waiting.append(notice)
            guard waiting.count > Self.most else { return false }
            waiting.removeFirst()
            return true
        }
        if isDropping { count("dropped") }
        bell.yield()
    }

    /// Delivers until the task is cancelled.
    public func run() async {
        for await _ in calls {
            while !Task.isCancelled, let notice = next() { await deliver(notice) }
        }
    }

    private func next() -> AlertNotice? {
        waiting.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    }

    private func deliver(_ notice: AlertNotice) async {
        for attempt in 0...Self.pauses.count {
            do {
                try await channel.deliver(notice)
                count("sent")
                return
            } catch {
                logger.warning(
                    "an alert could not be delivered",
                    metadata: ["channel": "\(channel.name)", "alert": "\(notice.rule)", "cause": "\(error)"])
                guard attempt < Self.pauses.count, (try? await pause(Self.pauses[attempt])) != nil else { break }
            }
        }
        count("failed")
    }

    private func count(_ outcome: String) {
        Counter(
            label: "lightbox_alert_notifications_total", dimensions: [("channel", channel.name), ("outcome", outcome)]
        ).increment()
    }
}
