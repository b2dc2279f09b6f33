import Domain
public import Workflows

/// Walks a trail from its beginning and stops at the first line that isn't as it was written.
public struct AuditCheck: Sendable {
    /// What is wrong, and where.
    public enum Finding: Sendable, Equatable {
        /// The line's fields or its hash were changed, or it stands where another one was.
        case changed(number: Int)
        /// Lines are gone: the number that should have come, and the one that came.
        case missing(from: Int, to: Int)
        /// Lines at the end are gone: a head was signed for a later one.
        case cut(after: Int, signed: Int)
        /// All hashes fit, and a signed head says that this line was another one: the trail was written anew.
        case rewritten(upTo: Int)
        /// A head that no trusted key signed.
        case badHead(number: Int)
    }

    private var previous: [UInt8]
    private var next: Int
    private var heads: [Int: AuditHead]
    private let newest: AuditHead?
    /// Told where no line is wrong: a line is what was asked for.
    private var badHead: Int?
    public private(set) var finding: Finding?
    /// Lines that were read and are right.
    public private(set) var lines = 0

    /// - Parameters:
    ///   - origin: where the trail begins: the number and the hash before its first line.
    ///   - heads: signed heads, from the database or from a copy.
    public init(origin: (number: Int, hash: [UInt8]), heads: [AuditHead], keys: [ReportKey]) {
        previous = origin.hash
        next = origin.number
        self.heads = [:]
        let genuine = heads.filter { $0.isGenuine(keys) }
        newest = genuine.max { $0.number < $1.number }
        badHead = heads.filter { !$0.isGenuine(keys) }.map(\.number).min()
        for head in genuine {
            self.heads[head.number] = head
        }
    }

    /// - Returns: false as soon as something is wrong.
    public mutating func take(_ line: AuditLine, hash: [UInt8]) -> Bool {
        guard finding == nil else { return false }
        if line.number > next {
            finding = .missing(from: next, to: line.number - 1)
        } else if line.number < next || line.hash(after: previous) != hash {
            finding = .changed(number: line.number)
        } else if let head = heads[line.number], head.hash != hash.hexadecimal {
            finding = .rewritten(upTo: line.number)
        }
        guard finding == nil else { return false }
        previous = hash
        next = line.number + 1
        lines += 1
        return true
    }

    /// For a row with something in it that nobody writes.
    mutating func takeUnreadable(_ number: Int) {
        guard finding == nil else { return }
        finding = number > next ? .missing(from: next, to: number - 1) : .changed(number: number)
    }

    public mutating func finish() {
        guard finding == nil else { return }
        if let newest, newest.number >= next {
            finding = .cut(after: next - 1, signed: newest.number)
        } else if let badHead {
            finding = .badHead(number: badHead)
        }
    }
}

extension AuditCheck.Finding: CustomStringConvertible {
    public var description: String {
        switch self {
        case .changed(let number): "line \(number) was changed, or isn't where it was written"
        case .missing(let from, let to) where from == to: "line \(from) is missing"
        case .missing(let from, let to): "lines \(from) to \(to) are missing"
        case .cut(let after, let signed) where signed == after + 1: "line \(signed) is missing at the end"
        case .cut(let after, let signed): "lines \(after + 1) to \(signed) are missing at the end"
        case .rewritten(let number): "the lines up to \(number) were written anew: a signed head says otherwise"
        case .badHead(let number): "the signed head of line \(number) isn't genuine"
        }
    }
}
