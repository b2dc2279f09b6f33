import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// Posts JSON to an address that an operator named. Redirects aren't followed, and answers aren't read beyond their status.
/// Posts are no steps of a trace: an export that makes a span would be the reason of the next export, without end.
final class Sender: Sendable {
    struct Refused: Error, CustomStringConvertible {
        let status: UInt
        var description: String { "the answer was \(status)" }
    }

    private let client: HTTPClient
    private let url: String

    init(url: String) {
        self.url = url
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.timeout.connect = .seconds(5)
        configuration.tracing.tracer = nil
        client = HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup), configuration: configuration)
    }

    deinit {
        client.shutdown { _ in }
    }

    func post(_ body: Data, headers: [(String, String)] = []) async throws {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await client.execute(request, deadline: .now() + .seconds(10))
        _ = try? await response.body.collect(upTo: 64 << 10)
        guard (200..<300).contains(response.status.code) else { throw Refused(status: response.status.code) }
    }
}
