internal import Metrics
internal import Workflows

/// What is counted: `lightbox_assistant_model_requests_total{outcome}`, `lightbox_assistant_model_tokens_total`, the
/// histograms `lightbox_assistant_model_first_token_seconds` and `lightbox_assistant_model_tokens_per_second`, and
/// `lightbox_assistant_model_endpoint_open{endpoint}`, which is 1 while an endpoint is left alone after failures.
struct ModelMetrics: Sendable {
    private let tokens = Counter(label: "lightbox_assistant_model_tokens_total")
    private let firstToken = Timer(label: "lightbox_assistant_model_first_token_seconds")
    private let speed = Recorder(label: "lightbox_assistant_model_tokens_per_second", aggregate: true)

    /// One request to one endpoint has ended.
    func ended(_ ending: Exchange.Ending) {
        Counter(label: "lightbox_assistant_model_requests_total", dimensions: [("outcome", ending.outcome)])
            .increment()
    }

    /// - Parameter duration: from the first token to the last, of what was thought as well; nil where there was none.
    func came(tokens count: Int, within duration: Duration?) {
        if count > 0 { tokens.increment(by: count) }
        // The first token's time is that of reading the prompt; and what came in one piece has no speed.
        if let duration, duration > .milliseconds(50), count > 1 {
            speed.record(Double(count - 1) / (duration / .seconds(1)))
        }
    }

    /// - Parameter duration: from the request to the first piece of text.
    func firstToken(after duration: Duration) {
        firstToken.recordSeconds(duration / .seconds(1))
    }

    func endpoint(_ role: EndpointState.Role, isOpen: Bool) {
        Gauge(label: "lightbox_assistant_model_endpoint_open", dimensions: [("endpoint", role.rawValue)])
            .record(isOpen ? 1 : 0)
    }
}

extension LanguageModelFault {
    /// A word for metrics and logs.
    var word: String {
        switch self {
        case .unreachable: "unreachable"
        case .refused: "refused"
        case .silent: "silent"
        case .garbled: "garbled"
        case .cutOff: "cut-off"
        case .looping: "looping"
        case .empty: "empty"
        case .busy: "busy"
        }
    }
}
