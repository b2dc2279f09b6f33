import Crypto
public import Foundation
public import Logging
import Synchronization
public import Workflows

/// All ways in which somebody can show that they are an operator here. Files are read anew when they change, so that a
/// token that is taken away, or a key that is replaced, counts at once.
public final class OperatorDirectory: OperatorAccess {
    private let token: String?
    private let tokensFile: URL?
    private let identity: IdentityTokens.Settings?
    private let now: @Sendable () -> Date
    private let tokens: Mutex<(stamp: Stamp, tokens: OperatorTokens)?>
    private let provider: Mutex<(stamp: Stamp, tokens: IdentityTokens)?>

    private let logger: Logger
    private let troubles = Mutex<[Source: String]>([:])

    private enum Source: Hashable {
        case tokens, provider
    }

    /// What tells that a file isn't the one that was read.
    private struct Stamp: Equatable {
        var modified: Date?
        var size: Int?
        var inode: Int?

        init(_ path: String) {
            let attributes = try? FileManager.default.attributesOfItem(atPath: path)
            modified = attributes?[.modificationDate] as? Date
            size = attributes?[.size] as? Int
            inode = attributes?[.systemFileNumber] as? Int
        }
    }

    /// - Parameters:
    ///   - token: the one token of an installation with one operator, who has no other name than that.
    ///   - tokensFile: see ``OperatorTokens``.
    ///   - now: what time it is outside of this machine: a provider's tokens end by its clock.
    /// - Throws: ``OperatorAccessFault`` where a file can't be used at the start.
    public init(
        token: String?, tokensFile: String?, identity: IdentityTokens.Settings?,
        logger: Logger = Logger(label: "lightbox.operators"), now: @escaping @Sendable () -> Date
    ) async throws(OperatorAccessFault) {
        self.token = token
        self.tokensFile = tokensFile.map { URL(filePath: $0) }
        self.identity = identity
        self.logger = logger
        self.now = now
        var read: (Stamp, OperatorTokens)?
        if let file = self.tokensFile { read = (Stamp(file.path), try OperatorTokens(file: file)) }
        tokens = Mutex(read)
        var checker: (Stamp, IdentityTokens)?
        if let identity { checker = (Stamp(identity.keysFile), try await IdentityTokens(identity, logger: logger)) }
        provider = Mutex(checker)
    }

    public var isOpen: Bool { token != nil || tokensFile != nil || identity != nil }

    public func bearer(of text: String) async -> Operator? {
        if let token, OperatorTokens.hash(token) == OperatorTokens.hash(text) {
            return Operator(identity: "the one token", name: Operator.theOne, roles: [.operator], proof: .token)
        }
        if let found = presentTokens()?.bearer(of: text) { return found }
        // Three parts: what a JSON Web Token looks like (RFC 7519).
        guard identity != nil, text.split(separator: ".", omittingEmptySubsequences: false).count == 3 else {
            return nil
        }
        return await presentProvider()?.bearer(of: text, at: now())
    }

    /// What is wrong with the files, in a sentence for whoever set them up; nil where all of them can be read.
    public func trouble() async -> String? {
        _ = presentTokens()
        _ = await presentProvider()
        return troubles.withLock { $0[.tokens] ?? $0[.provider] }
    }

    /// A file that can't be read lets nobody in.
    private func presentTokens() -> OperatorTokens? {
        guard let tokensFile else { return nil }
        let stamp = Stamp(tokensFile.path)
        if let known = tokens.withLock({ $0 }), known.stamp == stamp { return known.tokens }
        var read: OperatorTokens?
        do {
            read = try OperatorTokens(file: tokensFile)
            note(nil, of: .tokens)
        } catch {
            note(error.description, of: .tokens)
        }
        tokens.withLock { $0 = read.map { (stamp, $0) } }
        return read
    }

    private func presentProvider() async -> IdentityTokens? {
        guard let identity else { return nil }
        let stamp = Stamp(identity.keysFile)
        if let known = provider.withLock({ $0 }), known.stamp == stamp { return known.tokens }
        var read: IdentityTokens?
        do {
            read = try await IdentityTokens(identity, logger: logger)
            note(nil, of: .provider)
        } catch {
            note(error.description, of: .provider)
        }
        provider.withLock { $0 = read.map { (stamp, $0) } }
        return read
    }

    /// Told once, and once more when it is over: whoever is locked out tries often.
    private func note(_ trouble: String?, of source: Source) {
        let before = troubles.withLock { troubles in
            defer { troubles[source] = trouble }
            return troubles[source]
        }
        if let trouble, trouble != before {
            logger.error("operators are locked out", metadata: ["cause": "\(trouble)"])
        } else if trouble == nil, before != nil {
            logger.notice("operators can come in again")
        }
    }
}
