import Crypto
public import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The files of a folder, read once into memory: nothing of the file system can be reached by an address.
public struct StaticFiles: Sendable {
    struct File: Sendable {
        let bytes: ByteBuffer
        let contentType: String
        let entityTag: String
    }

    let files: [String: File]

    /// - Parameter folder: read with its subfolders; paths are relative to it, with `/`. No folder gives no files.
    public init(folder: URL?) throws {
        var files: [String: File] = [:]
        if let folder, let paths = FileManager.default.enumerator(atPath: folder.path) {
            for case let path as String in paths {
                let url = folder.appending(path: path)
                guard try url.resourceValues(forKeys: [.isRegularFileKey]).isRegularFile == true else { continue }
                let data = try Data(contentsOf: url)
                let tag = SHA256.hash(data: data).prefix(12).map { String($0, radix: 36) }.joined()
                files[path] = File(
                    bytes: ByteBuffer(bytes: data), contentType: Self.contentType(of: path), entityTag: "\"\(tag)\"")
            }
        }
        self.files = files
    }

    static func contentType(of path: String) -> String {
        switch path.split(separator: ".").last ?? "" {
        case "html": "text/html; charset=utf-8"
        case "js": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json", "map": "application/json; charset=utf-8"
        case "webmanifest": "application/manifest+json; charset=utf-8"
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "ico": "image/x-icon"
        case "txt", "md": "text/plain; charset=utf-8"
        case "yaml": "application/yaml"  // RFC 9512
        default: "application/octet-stream"
        }
    }

    /// - Parameter cacheControl: for the file; one with a hash in its name never changes.
    func response(_ path: String, to request: Request, cacheControl: String) -> Response? {
        guard let file = files[path] else { return nil }
        let headers: HTTPFields = [
            .contentType: file.contentType, .eTag: file.entityTag, .cacheControl: cacheControl,
        ]
        if request.headers[.ifNoneMatch] == file.entityTag { return Response(status: .notModified, headers: headers) }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: file.bytes))
    }
}

/// The web app. Every address without a dot that isn't a file is one of the app's own pages.
struct SiteRoutes: Sendable {
    let site: StaticFiles

    func add(to router: Router<AppContext>) {
        router.get("/", use: page)
        router.get("**", use: page)
    }

    @Sendable private func page(_ request: Request, context: AppContext) async throws -> Response {
        let path = String(request.uri.path.drop { $0 == "/" })
        let lasting = path.hasPrefix("assets/") ? "public, max-age=31536000, immutable" : "no-cache"
        if !path.isEmpty, let file = site.response(path, to: request, cacheControl: lasting) { return file }
        if !path.contains("."), let app = site.response("index.html", to: request, cacheControl: "no-cache") {
            return app
        }
        throw Problem(.notFound, "There is nothing at this address.")
    }
}

/// The operators' page: one document and what it loads. Every other address is no page.
struct OperatorSiteRoutes: Sendable {
    let site: StaticFiles

    func add(to router: Router<AppContext>) {
        router.get("/") { request, _ in try file("index.html", request) }
        router.get("icon.svg") { request, _ in try file("icon.svg", request) }
        router.get("assets/:name") { request, context in
            try file("assets/" + (context.parameters.get("name") ?? ""), request)
        }
    }

    private func file(_ path: String, _ request: Request) throws -> Response {
        guard let file = site.response(path, to: request, cacheControl: "no-store") else {
            throw Problem(.notFound, "There is nothing at this address.")
        }
        return file
    }
}

/// The texts that problems refer to.
struct DocumentationRoutes: Sendable {
    let docs: StaticFiles

    func add(to router: Router<AppContext>) {
        router.get("docs/:name") { request, context in
            guard let name = context.parameters.get("name"),
                let file = docs.response(name, to: request, cacheControl: "no-cache")
            else { throw Problem(.notFound, "There is nothing at this address.") }
            return file
        }
        // server/openapi.yaml, which is laid out beside the texts.
        router.get("openapi.yaml") { request, _ in
            guard let file = docs.response("openapi.yaml", to: request, cacheControl: "no-cache") else {
                throw Problem(.notFound, "There is nothing at this address.")
            }
            return file
        }
    }
}
