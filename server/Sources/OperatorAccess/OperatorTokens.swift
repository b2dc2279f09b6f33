import Crypto
public import Foundation
import Glibc
public import Workflows

/// Tokens with names and roles, in a file that keeps their hashes only. A token has 256 random bits, so that a plain
/// SHA-256 is enough: there is nothing to guess.
public struct OperatorTokens: Sendable, Equatable, Codable {
    public struct Entry: Sendable, Equatable, Codable {
        public var name: String
        public var roles: [Operator.Role]
        /// SHA-256 of the token, lower-case hexadecimal.
        public var sha256: String
        public var createdAt: Date
    }

    public var tokens: [Entry]

    public init(tokens: [Entry] = []) {
        self.tokens = tokens
    }

    // MARK: - The file

    /// - Throws: ``OperatorAccessFault``.
    public init(file: URL) throws(OperatorAccessFault) {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw OperatorAccessFault("The file of the operators' tokens can't be read: \(file.path)")
        }
        do {
            let decoder = JSONDecoder()
            decoder.dateDecodingStrategy = .iso8601
            self = try decoder.decode(Self.self, from: data)
        } catch {
            throw OperatorAccessFault(
                "The file of the operators' tokens isn't what “lightbox operators” writes: \(file.path)")
        }
        for entry in tokens where !Operator.isName(entry.name) || entry.roles.isEmpty {
            throw OperatorAccessFault("The file \(file.path) has a token without a name or a role.")
        }
    }

    /// Writes all or nothing. A file that is there keeps its owner, group and mode; a new one is for its owner only, who is
    /// that of the folder: so the service can still read what root wrote.
    public func write(to file: URL) throws(OperatorAccessFault) {
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let folder = file.deletingLastPathComponent()
        let draft = folder.appending(path: ".\(file.lastPathComponent).\(UUID().uuidString)").path
        let fault = OperatorAccessFault("The file of the operators' tokens can't be written: \(file.path)")
        let before = FileRights(of: file.path)
        guard let data = try? encoder.encode(self) + Data("\n".utf8), let around = FileRights(of: folder.path) else {
            throw fault
        }
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw fault }
        defer { close(descriptor) }
        let (owner, group) = before.map { ($0.owner, $0.group) } ?? (around.owner, around.group)
        do {
            // Only root gives files away; a new one of anybody else is theirs.
            if before != nil || geteuid() == 0 {
                let isTheirs = owner == geteuid() && group == getegid()
                guard isTheirs || fchown(descriptor, owner, group) == 0 else { throw fault }
            }
            guard fchmod(descriptor, before?.mode ?? 0o600) == 0 else { throw fault }
            try FileHandle(fileDescriptor: descriptor, closeOnDealloc: false).write(contentsOf: data)
            guard fsync(descriptor) == 0, rename(draft, file.path) == 0 else { throw fault }
        } catch {
            unlink(draft)
            throw fault
        }
    }

    // MARK: - What is in it

    /// Makes a token. This is the only time that it is known.
    ///
    /// - Throws: ``OperatorAccessFault`` for a name that is taken, or is none.
    public mutating func add(_ name: String, roles: Set<Operator.Role>, at now: Date) throws(OperatorAccessFault)
        -> String
    {
        guard Operator.isName(name) else {
            throw OperatorAccessFault(
                "A name has 1 to \(Operator.longestName) visible characters, without blanks around it.")
        }
        guard !Operator.isReserved(name) else {
            throw OperatorAccessFault("“\(name)” is what the program calls others. Take the person's own name.")
        }
        guard !roles.isEmpty else { throw OperatorAccessFault("At least one role is needed.") }
        guard !tokens.contains(where: { $0.name == name }) else {
            throw OperatorAccessFault("There is a token for “\(name)” already. Remove it first to make another.")
        }
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { [UInt8]($0) }
        let token = "lbx_" + Base64URL.encode(bytes)
        tokens.append(
            Entry(
                name: name, roles: Operator.Role.allCases.filter(roles.contains), sha256: Self.hash(token),
                createdAt: now))
        return token
    }

    /// - Returns: whether there was one.
    public mutating func remove(_ name: String) -> Bool {
        let count = tokens.count
        tokens.removeAll { $0.name == name }
        return tokens.count < count
    }

    /// Of hashes, so that how long it takes tells nothing of a token.
    func bearer(of token: String) -> Operator? {
        let hash = Self.hash(token)
        return tokens.first { $0.sha256 == hash }.map {
            Operator(identity: "token\n\($0.name)", name: $0.name, roles: Set($0.roles), proof: .token)
        }
    }

    static func hash(_ token: String) -> String {
        SHA256.hash(data: Data(token.utf8)).map { String(format: "%02x", $0) }.joined()
    }
}

/// Something about operators that can't be used, in a sentence for whoever set it up.
public struct OperatorAccessFault: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
