/// Two sums of bytes that tell which one byte changed, and from what: the sum of the bytes, and the sum of the bytes
/// times their places (from 1), both modulo a prime that is larger than 510 and than any place.
///
/// They only propose. Whoever uses them puts the byte back and asks a hash or a signature whether that was it.
struct ByteSums: Equatable {
    var plain: UInt64
    var weighted: UInt64

    init(plain: UInt64, weighted: UInt64) {
        self.plain = plain
        self.weighted = weighted
    }

    init(_ bytes: ArraySlice<UInt8>, modulo prime: UInt64) {
        var plain: UInt64 = 0
        var weighted: UInt64 = 0
        bytes.withUnsafeBufferPointer { bytes in
            var place: UInt64 = 0
            for byte in bytes {
                place &+= 1
                plain &+= UInt64(byte)
                // Below 2⁶⁴ for texts of up to 2²⁸ bytes.
                weighted &+= UInt64(byte) &* place
            }
        }
        self.plain = plain % prime
        self.weighted = weighted % prime
    }

    /// The one change that would explain how `now` differs from what was signed.
    ///
    /// - Returns: the index among `bytes`, from 0, and what stood there; nil where no single change explains it.
    static func change(
        from signed: ByteSums, to now: ByteSums, in bytes: ArraySlice<UInt8>, modulo prime: UInt64
    ) -> (index: Int, was: UInt8)? {
        // What is read from a file may be any number.
        guard signed.plain < prime, signed.weighted < prime else { return nil }
        let difference = (now.plain + prime - signed.plain) % prime
        guard difference != 0 else { return nil }
        let step = difference > prime / 2 ? Int(difference) - Int(prime) : Int(difference)
        let place = (now.weighted + prime - signed.weighted) % prime * inverse(difference, prime) % prime
        guard place >= 1, place <= bytes.count else { return nil }
        let index = Int(place) - 1
        guard let was = UInt8(exactly: Int(bytes[bytes.startIndex + index]) - step) else { return nil }
        return (index, was)
    }

    /// By Fermat's little theorem. The prime has to be below 2³².
    private static func inverse(_ value: UInt64, _ prime: UInt64) -> UInt64 {
        var result: UInt64 = 1
        var base = value
        var exponent = prime - 2
        while exponent > 0 {
            if exponent & 1 == 1 { result = result * base % prime }
            base = base * base % prime
            exponent >>= 1
        }
        return result
    }
}
