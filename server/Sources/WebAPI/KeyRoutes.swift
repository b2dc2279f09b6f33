import Crypto
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Workflows

/// The key that this instance's reports are checked with, as a set of keys (RFC 7517) at a well-known address.
struct KeyRoutes: Sendable {
    let key: ReportKey

    func add(to router: Router<AppContext>) {
        router.get(".well-known/jwks.json", use: keys)
    }

    private struct Keys: Encodable {
        var keys: [ReportKey.JWK]
    }

    @Sendable private func keys(_ request: Request, context: AppContext) async throws -> Response {
        let body = try JSON.bytes(Keys(keys: [key.jwk]))
        let tag = "\"\(SHA256.hash(data: body).prefix(12).hexadecimal)\""
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "public, max-age=3600"]
        if request.headers[.ifNoneMatch] == tag { return Response(status: .notModified, headers: headers) }
        var full = headers
        full[.contentType] = "application/jwk-set+json"
        return Response(status: .ok, headers: full, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}
