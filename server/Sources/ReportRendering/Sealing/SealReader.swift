import Glibc
import Workflows

/// A seal that was found in a document, and whose signature holds, if need be after one byte of it was put right.
struct FoundSeal {
    var token: Range<Int>
    var key: ReportKey
    var payload: ReportSeal.Payload
    var table: BlockTable
    /// What is wrong with the token itself.
    var damage: [ReportVerification.Change]
}

/// Finds seals. A document holds what people wrote, so that anything that looks like a seal may stand anywhere in it:
/// what counts is whose signature holds.
struct SealReader {
    let bytes: [UInt8]

    enum Reading {
        case seal(FoundSeal)
        /// It looks like one, but no signature holds.
        case broken(Range<Int>)
    }

    /// In the order in which they stand.
    func readings() -> [Reading] {
        let marker = ReportSeal.marker
        var starts = Set(places(of: marker))
        for place in places(of: ReportSeal.headerStart) where place >= marker.count {
            // Of a marker that was itself changed, what follows it is left.
            starts.insert(place - marker.count)
        }
        // One ends at the latest where the next begins: however many there are, each byte is read once or twice.
        let sorted = starts.sorted()
        return zip(sorted, sorted.dropFirst() + [bytes.count]).compactMap { read($0, limit: $1) }
    }

    private func places(of text: [UInt8]) -> [Int] {
        bytes.withUnsafeBytes { all in
            guard let base = all.baseAddress, all.count >= text.count else { return [] }
            var places: [Int] = []
            var from = 0
            let last = all.count - text.count
            while from <= last, let found = memchr(base + from, Int32(text[0]), last - from + 1) {
                let place = base.distance(to: UnsafeRawPointer(found))
                if memcmp(found, text, text.count) == 0 { places.append(place) }
                from = place + 1
            }
            return places
        }
    }

    private func read(_ start: Int, limit: Int) -> Reading? {
        let body = start + ReportSeal.marker.count
        guard body <= limit else { return nil }
        let end = endOfDigits(body, limit)
        // The digits may end too early, where one was changed into something else, or one too late, where the space after
        // them was changed into one.
        for end in [end, end - 1, endOfDigits(end + 1, limit)] where end <= limit {
            if let seal = seal(start, until: end) { return .seal(seal) }
        }
        return end - body >= 64 || end == bytes.count ? .broken(start..<end) : nil
    }

    private func endOfDigits(_ start: Int, _ limit: Int) -> Int {
        guard start < limit else { return start }
        return bytes[start..<limit].firstIndex { !Self.isDigit($0) } ?? limit
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private func seal(_ start: Int, until end: Int) -> FoundSeal? {
        let body = start + ReportSeal.marker.count
        let split = end - ReportSeal.checkLength
        guard split > body else { return nil }
        var form = Array(bytes[body..<split])
        let check = bytes[split..<end]
        var damage: [ReportVerification.Change] = []
        var opened = Self.open(form)
        // The sums propose which digit was changed; the signature says whether that was it.
        if opened == nil, let signed = ReportSeal.sums(check),
            let (index, was) = ByteSums.change(
                from: signed, to: ByteSums(form[...], modulo: ReportSeal.prime), in: form[...],
                modulo: ReportSeal.prime)
        {
            damage.append(.byte(body + index, was: was, now: form[index]))
            form[index] = was
            opened = Self.open(form)
        }
        guard let (key, payload, table) = opened else { return nil }
        damage = differences(ReportSeal.marker, at: start) + damage
        damage += differences(ReportSeal.check(of: form[...]), at: split)
        return FoundSeal(token: start..<end, key: key, payload: payload, table: table, damage: damage)
    }

    /// How the bytes from `start` on differ from what has to stand there.
    private func differences(_ expected: [UInt8], at start: Int) -> [ReportVerification.Change] {
        let changes = expected.indices.filter { bytes[start + $0] != expected[$0] }.map {
            ReportVerification.Change.byte(start + $0, was: expected[$0], now: bytes[start + $0])
        }
        return changes.count <= 4 ? changes : [.seal(start..<start + expected.count)]
    }

    /// - Returns: nil unless it is a seal's form and its signature holds.
    private static func open(_ form: [UInt8]) -> (ReportKey, ReportSeal.Payload, BlockTable)? {
        let parts = form.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[2].count == ReportSeal.signatureLength,
            let header = Base64URL.decode(parts[0]).flatMap({ SealJSON.decode(ReportSeal.Header.self, from: $0) }),
            header.alg == "EdDSA", header.typ == ReportSeal.kind, let key = ReportKey(header.jwk),
            header.kid == key.id,
            let signature = Base64URL.decode(parts[2]), signature.count == 64,
            key.signed(Array(form[..<parts[1].endIndex]), signature),
            let payload = Base64URL.decode(parts[1]).flatMap({ SealJSON.decode(ReportSeal.Payload.self, from: $0) })
        else { return nil }
        // Anybody can sign with a key of their own: what is signed is checked like everything else.
        let cover = payload.seal
        let largest = 1 << 40
        guard cover.block == BlockTable.block, cover.gap.count == 2, cover.gap.allSatisfy((0...largest).contains),
            (0...largest).contains(cover.length), cover.gap[0] <= cover.length,
            let packed = Base64URL.decode(cover.table), let table = BlockTable(packed: packed, length: cover.length)
        else { return nil }
        return (key, payload, table)
    }
}
