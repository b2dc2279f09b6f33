import HTTPTypes
import Hummingbird

/// What may be kept of an answer, and by whom.
enum CacheRule: String, CaseIterable {
    /// Nobody keeps anything: all that isn't named in ``table``.
    case nothing = "private, no-store"
    /// The browser may keep it and asks before it is used.
    case ownBrowser = "private, no-cache"
    /// Everybody may keep it and asks before it is used.
    case everybody = "no-cache"
    case anHour = "public, max-age=3600"
    /// Its name changes with its content.
    case forever = "public, max-age=31536000, immutable"

    /// By route. A test reads these lines and holds them against what the server answers.
    static let table: [String: [CacheRule]] = [
        "/": [.everybody],
        "/**": [.everybody, .forever],
        "/docs/{name}": [.everybody],
        "/.well-known/jwks.json": [.anHour],
        "/api/v1/intake/questionnaire": [.everybody],
        "/api/v1/uploads/{upload}/preview": [.ownBrowser],
        "/api/v1/uploads/{upload}/samples": [.ownBrowser],
        "/api/v1/uploads/{upload}/file": [.ownBrowser],
        "/api/v1/analyses/{analysis}/heatmaps/{finding}": [.ownBrowser],
        "/api/v1/reports/{report}/document": [.ownBrowser],
    ]

    /// Keeps what a route asks for where the table allows it, and forbids the rest: errors are never kept.
    static func apply(_ route: String, to response: inout Response) {
        let isGood = response.status.kind == .successful || response.status == .notModified
        guard isGood, let rules = table[route] else {
            response.headers[.cacheControl] = CacheRule.nothing.rawValue
            return
        }
        guard let asked = response.headers[.cacheControl], rules.contains(where: { $0.rawValue == asked }) else {
            response.headers[.cacheControl] = (rules.first ?? .nothing).rawValue
            return
        }
    }
}
