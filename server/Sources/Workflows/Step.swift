import Domain
import Metrics
import Synchronization
import Tracing

/// A step of a workflow, as traces show it. Its name is one of a few words; nothing of a record is ever in a span.
enum Step {
    /// Runs `work` in a span of its own.
    static func run<Value: Sendable, Failure: Error>(
        _ name: String, ofKind kind: SpanKind = .internal,
        _ work: @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let span = startSpan(name, ofKind: kind)
        defer { span.end() }
        let result: Result<Value, Failure> = await InstrumentationContext.withValue(span.context) {
            do throws(Failure) {
                return .success(try await work())
            } catch {
                span.setStatus(SpanStatus(code: .error))
                return .failure(error)
            }
        }
        return try result.get()
    }
}

/// In whose trace an analysis was asked for, while it waits: it runs later, in a task of the queue. In memory only, and
/// bounded; an analysis that isn't found begins a trace of its own.
final class RequestTraces: Sendable {
    private static let most = 10_000
    private let contexts = Mutex<[AnalysisID: InstrumentationContext]>([:])

    func remember(_ analysis: AnalysisID) {
        guard let context = InstrumentationContext.current else { return }
        contexts.withLock { contexts in
            if contexts.count >= Self.most { contexts.removeAll() }
            contexts[analysis] = context
        }
    }

    func take(_ analysis: AnalysisID) -> InstrumentationContext? {
        contexts.withLock { $0.removeValue(forKey: analysis) }
    }
}

/// The steps of one analysis as its worker tells them: each ends when the next begins.
final class StepTimeline: Sendable {
    private struct Open {
        var step: AnalysisStep
        var span: any Span
        var began: ContinuousClock.Instant
    }

    /// The worker's thread has no task, so that the place in the trace is taken here.
    private let context = InstrumentationContext.current ?? .topLevel
    private let open = Mutex<Open?>(nil)

    func enter(_ step: AnalysisStep) {
        end()
        let span = startSpan(step.verb, context: context)
        open.withLock { $0 = Open(step: step, span: span, began: .now) }
    }

    func end() {
        let ended = open.withLock { open in
            defer { open = nil }
            return open
        }
        guard let ended else { return }
        ended.span.end()
        Self.count(ended.step.rawValue, (ContinuousClock.now - ended.began) / .seconds(1))
    }

    static func count(_ step: String, _ seconds: Double) {
        Timer(label: "lightbox_analysis_step_seconds", dimensions: [("step", step)]).recordSeconds(seconds)
    }
}

extension AnalysisStep {
    fileprivate var verb: String {
        switch self {
        case .decoding: "decode"
        case .checking: "check"
        case .inferring: "infer"
        case .explaining: "explain"
        }
    }
}
