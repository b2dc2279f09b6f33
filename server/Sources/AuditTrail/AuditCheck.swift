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
        /// The trail begins later than with line 1, and no trusted key signed that the lines before were let go.
        case beheaded(upTo: Int)
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

    /// Why the trail doesn't begin with line 1; nil where it does.
    public let release: AuditRelease?

    /// - Parameter heads: signed heads, from the database or from a copy. Those of lines that were let go prove nothing any
    ///   more.
    public init(origin: AuditOrigin, heads: [AuditHead], keys: [ReportKey]) {
        previous = origin.hash
        next = origin.number
        release = origin.number > 1 ? origin.release : nil
        self.heads = [:]
        let isProven = origin.isGenuine(keys)
        let heads = heads.filter { !isProven || $0.number >= origin.number - 1 }
        let genuine = heads.filter { $0.isGenuine(keys) }
        newest = genuine.max { $0.number < $1.number }
        if !isProven {
            finding = .beheaded(upTo: origin.number - 1)
        } else if genuine.contains(where: { $0.number == origin.number - 1 && $0.hash != origin.hash.hexadecimal }) {
            finding = .rewritten(upTo: origin.number - 1)
        }
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

extension AuditCheck.Finding {
    /// Whether all lines are as they were written, and only a head isn't of a trusted key: it may be of one from before.
    public var isOnlyHead: Bool { if case .badHead = self { true } else { false } }
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
        case .beheaded(let number):
            "it doesn't begin with line 1, and no trusted key signed that the lines up to \(number) were let go"
        case .badHead(let number): "the signed head of line \(number) isn't genuine"
        }
    }
}
