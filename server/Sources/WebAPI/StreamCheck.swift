import Domain
import HTTPTypes
import Hummingbird
import Synchronization
import Workflows

/// Answers 429 to a session that reads as many event streams as it may. Each one holds a connection and a place on a board for
/// as long as its reader likes.
struct StreamCheck: RouterMiddleware {
    let places: StreamPlaces

    func handle(
        _ request: Request, context: AppContext, next: (Request, AppContext) async throws -> Response
    ) async throws -> Response {
        // Before anything is done: a question that is answered by a stream must not be asked and then refused.
        let asksForStream =
            context.endpointPath?.hasSuffix("/events") == true
            || request.headers[.accept]?.contains("text/event-stream") == true
        guard asksForStream, let session = context.foundSession?.id else { return try await next(request, context) }
        guard let place = places.take(for: session) else {
            throw Problem(
                .tooManyRequests,
                "This session reads \(places.most) event streams already. Close one, then try again. Nothing was changed."
            )
        }
        var response = try await next(request, context)
        guard response.headers[.contentType]?.hasPrefix("text/event-stream") == true else { return response }
        let body = response.body
        response.body = ResponseBody { writer in
            // Held until the stream ends, and given back too where nobody ever began to read it.
            defer { withExtendedLifetime(place) {} }
            try await body.write(writer)
        }
        return response
    }
}

/// How many event streams each session reads.
final class StreamPlaces: Sendable {
    /// One stream's place; it is free again when this is gone.
    final class Place: Sendable {
        private let places: StreamPlaces
        private let session: SessionID

        fileprivate init(_ places: StreamPlaces, _ session: SessionID) {
            self.places = places
            self.session = session
        }

        deinit { places.free(session) }
    }

    let most: Int
    private let taken = Mutex<[SessionID: Int]>([:])

    init(most: Int) {
        self.most = most
    }

    /// - Returns: nil where there is none left.
    func take(for session: SessionID) -> Place? {
        let isFree = taken.withLock { taken in
            guard taken[session, default: 0] < most else { return false }
            taken[session, default: 0] += 1
            return true
        }
        return isFree ? Place(self, session) : nil
    }

    private func free(_ session: SessionID) {
        taken.withLock { taken in
            let left = taken[session, default: 1] - 1
            taken[session] = left > 0 ? left : nil
        }
    }

    /// Sessions that read at least one.
    var count: Int { taken.withLock { $0.count } }
}
