import Crypto
import Foundation
import Workflows

/// A row for each kilobyte of what a seal covers, so that a change can be placed: 8 bytes of its SHA-256, and two sums.
struct BlockTable: Equatable {
    struct Row: Equatable {
        var hash: UInt64
        var sums: ByteSums
    }

    static let block = 1024
    /// Bytes of one row.
    static let rowLength = 12
    static let prime: UInt64 = 65_521

    var rows: [Row]
    /// How many bytes it is about.
    var length: Int

    init(_ covered: [UInt8]) {
        length = covered.count
        rows = stride(from: 0, to: covered.count, by: Self.block).map { start in
            Self.row(covered[start..<min(start + Self.block, covered.count)])
        }
    }

    /// Reads what ``packed`` wrote.
    init?(packed: [UInt8], length: Int) {
        guard length >= 0, packed.count == Self.count(length) * Self.rowLength else { return nil }
        self.length = length
        rows = stride(from: 0, to: packed.count, by: Self.rowLength).map { start in
            func number(_ range: Range<Int>) -> UInt64 {
                packed[start + range.lowerBound..<start + range.upperBound].reduce(0) { $0 << 8 | UInt64($1) }
            }
            return Row(hash: number(0..<8), sums: ByteSums(plain: number(8..<10), weighted: number(10..<12)))
        }
    }

    static func count(_ length: Int) -> Int { (length + block - 1) / block }

    var packed: [UInt8] {
        rows.flatMap { row in
            let sums = row.sums.plain << 16 | row.sums.weighted
            return stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: row.hash >> UInt64($0)) }
                + stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: sums >> UInt64($0)) }
        }
    }

    private static func row(_ bytes: ArraySlice<UInt8>) -> Row {
        Row(hash: hash(bytes), sums: ByteSums(bytes, modulo: prime))
    }

    private static func hash(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.withUnsafeBytes { SHA256.hash(data: $0) }.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    // MARK: - Finding what changed

    /// Where a row's bytes were when it was signed.
    private func range(_ row: Int) -> Range<Int> { row * Self.block..<min((row + 1) * Self.block, length) }

    /// Whether the bytes of a row stand in `covered`, moved by `shift`.
    private func stands(_ row: Int, in covered: [UInt8], shift: Int = 0) -> Bool {
        let range = range(row)
        let start = range.lowerBound + shift
        let end = range.upperBound + shift
        guard start >= 0, end <= covered.count else { return false }
        return Self.hash(covered[start..<end]) == rows[row].hash
    }

    /// What is different in `covered`; places are counted in it. Empty where every row is as signed.
    func changes(in covered: [UInt8]) -> [ReportVerification.Change] {
        let shift = covered.count - length
        guard shift != 0 else { return changesOfSameLength(in: covered) }
        let first = rows.indices.first { !stands($0, in: covered) } ?? rows.count
        var end = rows.count
        while end > first, stands(end - 1, in: covered, shift: shift) { end -= 1 }
        // Between rows that stand where they were and rows that stand moved, only what is new or gone can be.
        if end == first {
            let place = min(first * Self.block, length)
            if shift > 0 { return [.inserted(place..<place + shift)] }
            return [.removed(near: min(place, covered.count)..<min(place, covered.count), count: -shift, value: nil)]
        }
        if end == first + 1 {
            if shift > 0, let place = insertion(in: first, of: covered, count: shift) {
                return [.inserted(place..<place + shift)]
            }
            if shift == -1, let (place, value) = removal(in: first, of: covered) {
                return [.removed(near: place..<place, count: 1, value: value)]
            }
        }
        let start = first * Self.block
        let rest = max(start, min(covered.count, range(end - 1).upperBound + shift))
        if shift < 0 {
            let isCut = end == rows.count && first == covered.count / Self.block
            return [isCut ? .cut(from: start, count: -shift) : .removed(near: start..<rest, count: -shift, value: nil)]
        }
        return [.grown(start..<rest, by: shift)]
    }

    private func changesOfSameLength(in covered: [UInt8]) -> [ReportVerification.Change] {
        var changes: [ReportVerification.Change] = []
        for row in rows.indices where !stands(row, in: covered) {
            let range = range(row)
            if let change = changedByte(in: row, of: covered) {
                changes.append(change)
            } else if case .bytes(let last) = changes.last, last.upperBound == range.lowerBound {
                changes[changes.count - 1] = .bytes(last.lowerBound..<range.upperBound)
            } else {
                changes.append(.bytes(range))
            }
        }
        return changes
    }

    private func changedByte(in row: Int, of covered: [UInt8]) -> ReportVerification.Change? {
        let range = range(row)
        var bytes = Array(covered[range])
        let now = ByteSums(bytes[...], modulo: Self.prime)
        guard let (index, was) = ByteSums.change(from: rows[row].sums, to: now, in: bytes[...], modulo: Self.prime)
        else { return nil }
        let present = bytes[index]
        bytes[index] = was
        guard Self.hash(bytes[...]) == rows[row].hash else { return nil }
        return .byte(range.lowerBound + index, was: was, now: present)
    }

    /// Where in a row bytes were put in, by leaving them out at each place. The first of several that do.
    private func insertion(in row: Int, of covered: [UInt8], count: Int) -> Int? {
        let range = range(row)
        guard range.upperBound + count <= covered.count else { return nil }
        for place in range {
            let bytes = covered[range.lowerBound..<place] + covered[place + count..<range.upperBound + count]
            if Self.hash(bytes) == rows[row].hash { return place }
        }
        return nil
    }

    /// Which byte of a row is gone, by putting it back at each place.
    private func removal(in row: Int, of covered: [UInt8]) -> (place: Int, value: UInt8)? {
        let range = range(row)
        let rest = Array(covered[range.lowerBound..<range.upperBound - 1])
        let sums = ByteSums(rest[...], modulo: Self.prime)
        guard rows[row].sums.plain < Self.prime else { return nil }
        let difference = (rows[row].sums.plain + Self.prime - sums.plain) % Self.prime
        guard let value = UInt8(exactly: difference) else { return nil }
        for place in 0...rest.count {
            var bytes = rest
            bytes.insert(value, at: place)
            if Self.hash(bytes[...]) == rows[row].hash { return (range.lowerBound + place, value) }
        }
        return nil
    }
}
