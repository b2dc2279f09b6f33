public import Workflows

/// The master key in force, and while keys are being wrapped anew the one that takes its place.
public struct MasterKeys: Sendable {
    public let current: MasterKey
    public let next: MasterKey?

    public init(current: MasterKey, next: MasterKey? = nil) {
        self.current = current
        self.next = next
    }

    /// - Returns: nil if neither has wrapped it, or not for this, or it was changed.
    func unwrap(_ wrapped: [UInt8], for context: String) -> [UInt8]? {
        for key in [current, next].compactMap(\.self) {
            if let secret = key.unwrap(wrapped, for: context), secret.count == 32 { return secret }
        }
        return nil
    }

    // MARK: - Finding them

    /// What there is of the keys that these data need.
    public enum Choice: Sendable {
        case found(MasterKeys)
        /// None of them is the one in force.
        case mistaken
        /// A rotation was interrupted, and the key that it goes to isn't here.
        case nextMissing
    }

    /// Finds out which of the keys at hand are those of the data. In a new database the first of them is.
    public static func choose(among keys: [MasterKey], for proofs: MasterKeyProofs) -> Choice {
        guard let proof = proofs.current else { return keys.first.map { .found(.init(current: $0)) } ?? .mistaken }
        guard let current = keys.first(where: { $0.opens(proof: proof) }) else { return .mistaken }
        guard let nextProof = proofs.next else { return .found(MasterKeys(current: current)) }
        guard let next = keys.first(where: { $0.opens(proof: nextProof) }) else { return .nextMissing }
        return .found(MasterKeys(current: current, next: next))
    }
}

extension MasterKey {
    private static let proofText = Array("lightbox".utf8)

    /// What tells later whether a key is this one, and nothing else about it.
    func proof() -> [UInt8] { wrap(Self.proofText, for: "proof") }

    public func opens(proof: [UInt8]) -> Bool { unwrap(proof, for: "proof") == Self.proofText }
}
