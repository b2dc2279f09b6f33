/// Which trace something belongs to, as W3C Trace Context (level 1) writes it in `traceparent`.
///
/// `tracestate` is neither kept nor passed on: it is text of others, and nothing here would read it.
public struct TraceContext: Sendable, Hashable {
    /// 16 bytes, as two halves; never both 0.
    public var trace: TraceID
    /// 8 bytes, never 0.
    public var span: UInt64
    /// Whether whoever began the trace wants it kept.
    public var isSampled: Bool

    public struct TraceID: Sendable, Hashable {
        public var high: UInt64
        public var low: UInt64

        public static func random() -> TraceID {
            TraceID(high: .random(in: .min ... .max), low: .random(in: 1 ... .max))
        }

        /// 32 lower-case hexadecimal digits.
        public var text: String { TraceContext.hexadecimal(high) + TraceContext.hexadecimal(low) }
    }

    public init(trace: TraceID, span: UInt64, isSampled: Bool) {
        self.trace = trace
        self.span = span
        self.isSampled = isSampled
    }

    /// - Returns: nil for what the recommendation (section 3.2.2) calls invalid.
    public init?(traceparent text: String) {
        let bytes = Array(text.utf8)
        let dash = UInt8(ascii: "-")
        guard bytes.count >= 55, bytes[2] == dash, bytes[35] == dash, bytes[52] == dash,
            let version = Self.number(bytes[0..<2]), version != 0xFF,
            // Only a later version may go on after the flags, and then after a dash.
            bytes.count == 55 || (version > 0 && bytes[55] == dash),
            let high = Self.number(bytes[3..<19]), let low = Self.number(bytes[19..<35]), high != 0 || low != 0,
            let span = Self.number(bytes[36..<52]), span != 0, let flags = Self.number(bytes[53..<55])
        else { return nil }
        self.init(trace: TraceID(high: high, low: low), span: span, isSampled: flags & 1 == 1)
    }

    public var traceparent: String { "00-\(trace.text)-\(Self.hexadecimal(span))-\(isSampled ? "01" : "00")" }

    /// 16 lower-case digits.
    static func hexadecimal(_ number: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { text in
            for index in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: number >> UInt64(60 - 4 * index)) & 15
                text[index] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit
            }
            return 16
        }
    }

    /// Upper-case digits aren't allowed.
    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        var number: UInt64 = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): number = number << 4 | UInt64(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): number = number << 4 | UInt64(digit - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return number
    }
}
