public import Foundation

/// Times as `Date.ISO8601FormatStyle` writes them, without its calendar: `2026-11-29T01:02:03Z`, and with milliseconds in logs.
public enum UTC {
    /// The end of the year 9999, in seconds since 1970.
    private static let end = 253_402_300_800

    /// - Returns: nil for what is before 1970 or has a year of five digits.
    public static func text(_ date: Date) -> String? {
        let time = date.timeIntervalSince1970
        guard time >= 0, time < Double(end) else { return nil }
        return text(seconds: Int(time))
    }

    /// The present time, with milliseconds.
    static func now() -> String {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return text(seconds: min(max(0, time.tv_sec), end - 1), milliseconds: Int(time.tv_nsec) / 1_000_000)
    }

    /// - Parameter seconds: since 1970, at most until the year 9999.
    static func text(seconds: Int, milliseconds: Int? = nil) -> String {
        let (day, second) = seconds.quotientAndRemainder(dividingBy: 86_400)
        // By eras of 400 years, each of which begins on the first of March.
        let shifted = day + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return String(unsafeUninitializedCapacity: 24) { text in
            var place = 0
            func write(_ number: Int, _ length: Int, then mark: Unicode.Scalar) {
                var rest = number
                for index in stride(from: place + length - 1, through: place, by: -1) {
                    text[index] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                text[place + length] = UInt8(ascii: mark)
                place += length + 1
            }
            write(year, 4, then: "-")
            write(month, 2, then: "-")
            write(dayOfYear - (153 * march + 2) / 5 + 1, 2, then: "T")
            write(second / 3600, 2, then: ":")
            write(second / 60 % 60, 2, then: ":")
            write(second % 60, 2, then: milliseconds == nil ? "Z" : ".")
            if let milliseconds { write(milliseconds, 3, then: "Z") }
            return place
        }
    }
}
