import HTTPTypes
public import Listener

extension Problem {
    /// What the listener refused before a route saw it.
    init(_ refusal: ListenerRefusal) {
        switch refusal {
        case .headTooSlow, .bodyTooSlow:
            self.init(.requestTimeout, "What was to come didn't come in time. Send it again.")
        case .readerTooSlow:
            self.init(.requestTimeout, "The answer wasn't read in time. Ask again.")
        case .headTooLarge:
            self.init(.headersTooLarge, "The headers, with cookies and address, are larger than this server takes.")
        case .malformed:
            self.init(.badRequest, "The request isn't well-formed HTTP.")
        case .tooManyConnections:
            self.init(.tooManyConnections, "Try again in a moment.")
        case .tooManyOfAddress:
            self.init(.tooManyConnections, "There are many from your network. Close some, or try again in a moment.")
        }
    }
}

extension WebAPI {
    /// What the listener says to those whom no route has seen, as every other error is said.
    public static func answer(_ refusal: ListenerRefusal) -> (status: Int, reason: String, body: String) {
        let problem = Problem(refusal)
        return (problem.code.status.code, problem.code.status.reasonPhrase, problem.text(requestID: ""))
    }
}
