import Hummingbird
import Logging

extension Router where Context == AppContext {
    /// Writes every address that is served into the log, at the level debug: what `server/openapi.yaml` is held against.
    func logRoutes(of listener: String) {
        let routes = routes.map { "\($0.method.rawValue) \($0.path)" }.sorted()
        Logger(label: "lightbox.http").debug(
            "routes", metadata: ["listener": "\(listener)", "routes": .array(routes.map { .string($0) })])
    }
}
