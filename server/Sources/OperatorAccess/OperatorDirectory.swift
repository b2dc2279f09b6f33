import Crypto
public import Foundation
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
    /// - Throws: ``OperatorAccessFault`` where a file can't be used at the start.
    public init(
        token: String?, tokensFile: String?, identity: IdentityTokens.Settings?, now: @escaping @Sendable () -> Date
    ) async throws(OperatorAccessFault) {
        self.token = token
        self.tokensFile = tokensFile.map { URL(filePath: $0) }
        self.identity = identity
        self.now = now
        var read: (Stamp, OperatorTokens)?
        if let file = self.tokensFile { read = (Stamp(file.path), try OperatorTokens(file: file)) }
        tokens = Mutex(read)
        var checker: (Stamp, IdentityTokens)?
        if let identity { checker = (Stamp(identity.keysFile), try await IdentityTokens(identity)) }
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

    /// A file that can't be read lets nobody in.
    private func presentTokens() -> OperatorTokens? {
        guard let tokensFile else { return nil }
        let stamp = Stamp(tokensFile.path)
        if let known = tokens.withLock({ $0 }), known.stamp == stamp { return known.tokens }
        let read = try? OperatorTokens(file: tokensFile)
        tokens.withLock { $0 = read.map { (stamp, $0) } }
        return read
    }

    private func presentProvider() async -> IdentityTokens? {
        guard let identity else { return nil }
        let stamp = Stamp(identity.keysFile)
        if let known = provider.withLock({ $0 }), known.stamp == stamp { return known.tokens }
        let read = try? await IdentityTokens(identity)
        provider.withLock { $0 = read.map { (stamp, $0) } }
        return read
    }
}
