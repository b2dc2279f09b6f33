import Domain
public import Hummingbird
import Logging
import NIOCore
import Workflows

/// What travels with a request: its id, its connection, and its session once that was found.
public struct AppContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    let channel: any Channel
    /// A name for this request that is answered in `X-Request-Id` and stands in every log line about it.
    var requestID: String = ""
    var foundSession: Session?
    /// Who asks, as far as the network tells.
    var caller = Caller()
    /// Whether this request has its connection to itself no longer: it is one of many by HTTP/2.
    var isStream: Bool { channel.parent?.parent != nil }
    /// Who passed the gate of the operators' addresses, and the session that the address names.
    var admitted: AdmittedOperator?
    var namedSession: SessionID?

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// The session of this request.
    ///
    /// - Throws: ``Problem`` `session-required`.
    var session: Session {
        get throws {
            guard let foundSession else {
                throw Problem(.sessionRequired, "Begin at the first page. An earlier session may have ended.")
            }
            return foundSession
        }
    }

    /// The identifier in the path.
    ///
    /// - Throws: ``Problem`` `not-found` for anything that isn't one, the same as for one that doesn't exist.
    func identifier<Entity>(_ name: String, as: Entity.Type = Entity.self) throws -> Identifier<Entity> {
        guard let text = parameters.get(name), let id = Identifier<Entity>(text) else { throw Problem(Fault.notFound) }
        return id
    }
}
