internal import AsyncHTTPClient
internal import Foundation
internal import NIOCore
internal import NIOHTTP1
internal import Workflows

/// The body of a request for a chat completion.
struct CompletionRequest: Encodable, Sendable {
    struct Message: Encodable, Sendable, Equatable {
        var role: String
        var content: String
    }

    struct StreamOptions: Encodable, Sendable {
        var includeUsage = true

        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    var model: String
    var messages: [Message]
    var maxTokens: Int
    /// Low: an explanation should come out alike when it is asked for twice.
    var temperature = 0.2
    var stream = true
    var streamOptions = StreamOptions()
    /// Asks llama.cpp to keep the prefix that is the same; left out elsewhere.
    var cachePrompt: Bool?

    enum CodingKeys: String, CodingKey {
        case model, messages, temperature, stream
        case maxTokens = "max_tokens"
        case streamOptions = "stream_options"
        case cachePrompt = "cache_prompt"
    }

    init(_ prompt: ChatPrompt, model: String, keepsPrefix: Bool) {
        self.model = model
        messages = prompt.system.isEmpty ? [] : [Message(role: "system", content: prompt.system)]
        messages += prompt.turns.map { Message(role: $0.role.rawValue, content: $0.text) }
        maxTokens = prompt.tokenLimit
        cachePrompt = keepsPrefix ? true : nil
    }

    /// The request for `endpoint`, as it goes out.
    func request(to endpoint: ModelEndpoint) throws -> HTTPClientRequest {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var request = HTTPClientRequest(url: endpoint.completions)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Accept", value: "text/event-stream")
        request.authorize(with: endpoint.token)
        request.body = .bytes(ByteBuffer(bytes: try encoder.encode(self)))
        return request
    }
}

extension HTTPClientRequest {
    mutating func authorize(with token: String?) {
        if let token { headers.add(name: "Authorization", value: "Bearer \(token)") }
    }
}
