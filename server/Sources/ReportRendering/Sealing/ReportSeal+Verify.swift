import Crypto
import Domain
public import Workflows

extension ReportSeal {
    /// Holds a document against its seal. Nothing but the bytes and the keys is needed.
    ///
    /// - Parameter trusted: whose seals are believed. A seal carries its key, so that one by a stranger can be whole too.
    public static func verify(_ bytes: [UInt8], trusted: [ReportKey]) -> ReportVerification {
        var seals: [FoundSeal] = []
        var broken: [Range<Int>] = []
        for reading in SealReader(bytes: bytes).readings() {
            switch reading {
            case .seal(let seal): seals.append(seal)
            case .broken(let range): broken.append(range)
            }
        }
        guard !seals.isEmpty else { return unsealed(bytes, broken) }
        // Those that may be whole and are believed are looked at first; of others, which anybody can put in, only some.
        func rank(_ seal: FoundSeal) -> Int {
            let isWhole = seal.payload.seal.length + seal.payload.seal.gap[1] == bytes.count
            return (trusted.contains(seal.key) ? 2 : 0) + (isWhole ? 1 : 0)
        }
        let candidates = seals.sorted { rank($0) > rank($1) }.prefix(16)
        var best: (seal: FoundSeal, changes: [ReportVerification.Change], intact: Int)?
        for seal in candidates {
            let (changes, intact) = changes(in: bytes, by: seal)
            let isTrusted = trusted.contains(seal.key)
            let isBetter =
                best.map { best in
                    if changes.isEmpty != best.changes.isEmpty { return changes.isEmpty }
                    if isTrusted != trusted.contains(best.seal.key) { return isTrusted }
                    return intact > best.intact
                } ?? true
            if isBetter { best = (seal, changes, intact) }
            if changes.isEmpty, isTrusted { break }
        }
        guard let best else { return unsealed(bytes, broken) }
        let seal = best.seal
        let outcome: ReportVerification.Outcome =
            if best.changes.isEmpty {
                .genuine
            } else if best.changes.contains(where: \.isCut) {
                .cutShort
            } else if best.changes.allSatisfy({ isWithin($0, seal) }) {
                .sealChanged
            } else {
                .changed
            }
        return ReportVerification(
            outcome: outcome, key: seal.key, isTrusted: trusted.contains(seal.key), statement: seal.payload.statement,
            changes: best.changes, seal: seal.token,
            otherSeals: (seals.map(\.token) + broken).filter { $0 != seal.token }.sorted {
                $0.lowerBound < $1.lowerBound
            })
    }

    private static func unsealed(_ bytes: [UInt8], _ broken: [Range<Int>]) -> ReportVerification {
        // The longest is the likeliest: what people write is short.
        guard let seal = broken.max(by: { $0.count < $1.count }) else {
            return ReportVerification(
                outcome: .noSeal, key: nil, isTrusted: false, statement: nil, changes: [], seal: nil, otherSeals: [])
        }
        let isCut = seal.upperBound == bytes.count
        return ReportVerification(
            outcome: isCut ? .cutShort : .sealChanged, key: nil, isTrusted: false, statement: nil,
            changes: [isCut ? .ended(at: bytes.count, count: nil) : .seal(seal)], seal: seal,
            otherSeals: broken.filter { $0 != seal })
    }

    private static func isWithin(_ change: ReportVerification.Change, _ seal: FoundSeal) -> Bool {
        let start = seal.token.lowerBound
        let gap = start..<max(start + seal.payload.seal.gap[1], seal.token.upperBound)
        return switch change {
        case .byte(let place, _, _): gap.contains(place)
        case .bytes(let range), .inserted(let range), .removed(let range, _, _), .grown(let range, _):
            range.lowerBound >= gap.lowerBound && range.lowerBound < gap.upperBound
        case .seal: true
        case .cut, .ended, .moved: false
        }
    }

    // MARK: - What changed

    /// - Returns: all differences, and how many blocks of the table are in their places.
    private static func changes(
        in bytes: [UInt8], by seal: FoundSeal
    ) -> (changes: [ReportVerification.Change], intact: Int) {
        let cover = seal.payload.seal
        let start = seal.token.lowerBound
        // Where all that changed is among the spaces, what is outside of them is whole.
        let rest = start + bytes.count - cover.length
        if rest >= seal.token.upperBound, rest <= bytes.count {
            let covered = Array(bytes[..<start] + bytes[rest...])
            if SHA256.hash(data: covered).hexadecimal == cover.sha256 {
                var changes = seal.damage
                if start != cover.gap[0] { changes.append(.moved(from: cover.gap[0], to: start)) }
                changes += padding(bytes, seal.token.upperBound..<rest, lacks: start + cover.gap[1] - rest)
                return (changes, seal.table.rows.count)
            }
        }
        let end = min(max(start + cover.gap[1], seal.token.upperBound), bytes.count)
        var changes = seal.damage
        changes += padding(bytes, seal.token.upperBound..<end, lacks: 0)
        let covered = Array(bytes[..<start] + bytes[end...])
        let raw = seal.table.changes(in: covered)
        // Where only the end is gone, the padding of the seal may be gone with it: it isn't covered, and no change of it is.
        let missing = cover.gap[1] + cover.length - bytes.count
        if missing > 0, changes.isEmpty, start == cover.gap[0], raw.count == 1, let only = raw.first {
            // Of a byte that stood beside others like it, the first of them is named: a line break after line breaks.
            if case .removed(let near, _, let value) = only, near.isEmpty,
                covered[near.lowerBound...].allSatisfy({ $0 == value })
            {
                return ([.ended(at: bytes.count, count: missing)], seal.table.intact(in: covered))
            }
            if case .cut(let from, _) = only {
                let place = from < start ? from : from + end - start
                return ([.cut(from: place, count: missing)], seal.table.intact(in: covered))
            }
        }
        let found = raw.map {
            $0.placed(around: start..<end, isBefore: start < cover.gap[0])
        }
        changes += found
        // The table holds only a part of each hash, and a seal may say anything of a document that is another's.
        if found.isEmpty { changes.append(.bytes(0..<bytes.count)) }
        return (changes.sorted { $0.start < $1.start }, seal.table.intact(in: covered))
    }

    /// What is wrong with the spaces.
    ///
    /// - Parameter missing: how many there are too few; below 0 where there are too many.
    private static func padding(
        _ bytes: [UInt8], _ range: Range<Int>, lacks missing: Int
    ) -> [ReportVerification.Change] {
        let strange = range.filter { bytes[$0] != UInt8(ascii: " ") }
        let first = strange.first ?? range.upperBound
        if missing > 0, strange.isEmpty {
            return [.removed(near: first..<first, count: missing, value: UInt8(ascii: " "))]
        }
        if missing < 0 {
            let added = -missing
            let place = min(first, range.upperBound - added)
            let isAll = strange.allSatisfy { (place..<place + added).contains($0) }
            return [isAll ? .inserted(place..<place + added) : .grown(range, by: added)]
        }
        if missing == 0, strange.count <= 16 {
            return strange.map { .byte($0, was: UInt8(ascii: " "), now: bytes[$0]) }
        }
        return [.bytes(first..<(strange.last ?? first) + 1)]
    }
}

extension BlockTable {
    fileprivate func intact(in covered: [UInt8]) -> Int {
        let now = BlockTable(covered)
        return zip(rows, now.rows).count { $0.hash == $1.hash }
    }
}

extension ReportVerification.Change {
    /// With places in the file instead of among the covered bytes.
    ///
    /// - Parameter isBefore: whether what is gone at the gap is gone from before it.
    func placed(around gap: Range<Int>, isBefore: Bool) -> Self {
        func place(_ offset: Int) -> Int { offset < gap.lowerBound ? offset : offset + gap.count }
        func place(_ range: Range<Int>) -> Range<Int> {
            if range.isEmpty, range.lowerBound == gap.lowerBound, isBefore { return range }
            let start = place(range.lowerBound)
            return start..<(range.isEmpty ? start : place(range.upperBound - 1) + 1)
        }
        return switch self {
        case .byte(let offset, let was, let now): .byte(place(offset), was: was, now: now)
        case .bytes(let range): .bytes(place(range))
        case .inserted(let range): .inserted(place(range))
        case .grown(let range, let count): .grown(place(range), by: count)
        case .removed(let range, let count, let value): .removed(near: place(range), count: count, value: value)
        case .cut(let offset, let count): .cut(from: place(offset), count: count)
        case .ended, .seal, .moved: self
        }
    }

    /// Whether the end is missing.
    var isCut: Bool {
        switch self {
        case .cut, .ended: true
        default: false
        }
    }

    var start: Int {
        switch self {
        case .byte(let place, _, _), .cut(let place, _), .ended(let place, _), .moved(_, let place): place
        case .bytes(let range), .inserted(let range), .grown(let range, _), .removed(let range, _, _), .seal(let range):
            range.lowerBound
        }
    }
}
