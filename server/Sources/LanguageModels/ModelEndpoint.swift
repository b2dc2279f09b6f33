internal import Foundation

/// A server that speaks the chat completions protocol, as an operator names it.
public struct ModelEndpoint: Sendable, Equatable {
    /// Why an endpoint can't be used; `description` is a sentence for the operator.
    public struct Mistake: Error, Equatable, CustomStringConvertible {
        public let description: String
    }

    /// `http` or `https`, without `/v1` and without a slash at the end.
    let root: String
    /// As the server knows the model, for example `gpt-oss-20b`.
    public let modelName: String
    /// How many answers it writes at a time, 1 or more.
    public let slots: Int
    let token: String?

    /// Reads the token once.
    ///
    /// - Parameters:
    ///   - url: `http` or `https`; with `/v1` at the end or without.
    ///   - modelName: sent with each request, and shown to people.
    ///   - tokenFile: a file with a bearer token and nothing else; nil where the server asks for none.
    ///   - slots: answers at a time. A local server has 1 unless it was started with more.
    public init(url: String, modelName: String, tokenFile: String? = nil, slots: Int = 1) throws(Mistake) {
        root = try Self.root(of: url)
        guard !modelName.isEmpty else { throw Mistake(description: "the model has no name") }
        guard slots >= 1 else { throw Mistake(description: "the number of slots is less than 1") }
        self.modelName = modelName
        self.slots = slots
        token = if let tokenFile { try Self.token(in: tokenFile) } else { nil }
    }

    var completions: String { root + "/v1/chat/completions" }
    var health: String { root + "/health" }
    var models: String { root + "/v1/models" }

    private static func root(of url: String) throws(Mistake) -> String {
        guard let parts = URLComponents(string: url), let scheme = parts.scheme?.lowercased(),
            scheme == "http" || scheme == "https", let host = parts.host, !host.isEmpty
        else { throw Mistake(description: "the address is not of the form http://host:port or https://host") }
        guard parts.user == nil, parts.password == nil else {
            throw Mistake(description: "the address has a user or a password in it; put a token into a file")
        }
        guard parts.query == nil, parts.fragment == nil else {
            throw Mistake(description: "the address has a query or a fragment")
        }
        var root = url
        while root.hasSuffix("/") { root.removeLast() }
        if root.hasSuffix("/v1") { root.removeLast(3) }
        while root.hasSuffix("/") { root.removeLast() }
        return root
    }

    private static func token(in file: String) throws(Mistake) -> String {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
            throw Mistake(description: "the token file can't be read")
        }
        let token = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard !token.isEmpty, token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Mistake(description: "the token file holds something else than one token")
        }
        return token
    }
}

/// How long each step of an answer may take.
public struct ModelDeadlines: Sendable, Equatable {
    /// For the connection, with TLS.
    public var connect: Duration
    /// From the request to the first token.
    public var firstToken: Duration
    /// From one token to the next.
    public var betweenTokens: Duration
    /// For a free slot at an endpoint.
    public var slot: Duration
    /// For everything, both endpoints together.
    public var whole: Duration

    public init(
        connect: Duration = .seconds(2), firstToken: Duration = .seconds(10), betweenTokens: Duration = .seconds(10),
        slot: Duration = .seconds(2), whole: Duration = .seconds(60)
    ) {
        self.connect = connect
        self.firstToken = firstToken
        self.betweenTokens = betweenTokens
        self.slot = slot
        self.whole = whole
    }
}
