public import Foundation

/// A day of the Gregorian calendar, or only its month or year: `2026-03-31`, `2026-03`, `2026` (FHIR `date`).
public struct PartialDate: Sendable, Equatable, CustomStringConvertible {
    public let year: Int
    /// 1...12
    public let month: Int?
    /// 1...31; nil where the month is.
    public let day: Int?

    /// - Parameter text: digits and hyphens only; nil for a date that doesn't exist.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), parts.map(\.utf8.count) == Array([4, 2, 2].prefix(parts.count)),
            parts.allSatisfy({ $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } }),
            let year = Int(parts[0]), year >= 1
        else { return nil }
        self.year = year
        month = parts.count > 1 ? Int(parts[1]) : nil
        day = parts.count > 2 ? Int(parts[2]) : nil
        if let month {
            guard (1...12).contains(month) else { return nil }
            if let day {
                guard day >= 1, day <= Self.days(inMonth: month, of: year) else { return nil }
            }
        }
    }

    /// The day that it is or soon will be everywhere on earth (UTC+14), so that nobody's today lies ahead.
    public init(latestAt instant: Date) {
        self.init(at: instant, hoursFromUTC: 14)
    }

    /// The day in UTC, to be read by people. It can be a day off what their calendar says.
    public init(inUTCAt instant: Date) {
        self.init(at: instant, hoursFromUTC: 0)
    }

    private init(at instant: Date, hoursFromUTC hours: Int) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: hours * 3600) ?? .gmt
        let parts = calendar.dateComponents([.year, .month, .day], from: instant)
        year = parts.year ?? 1970
        month = parts.month
        day = parts.day
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400)) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private var earliest: (Int, Int, Int) { (year, month ?? 1, day ?? 1) }
    private var latest: (Int, Int, Int) {
        let month = month ?? 12
        return (year, month, day ?? Self.days(inMonth: month, of: year))
    }

    /// Whether every day that this can mean lies after every day that the other can mean.
    public func isSurely(after other: PartialDate) -> Bool {
        earliest > other.latest
    }

    /// Days from another date to this one; nil where one of them is only a month or a year.
    public func days(since other: PartialDate) -> Int? {
        dayNumber.flatMap { day in other.dayNumber.map { day - $0 } }
    }

    /// Days since 1 March of the year 0. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
    private var dayNumber: Int? {
        guard let month, let day else { return nil }
        let year = month <= 2 ? year - 1 : year
        let inYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + inYear
    }

    /// The whole years from this birth date to a day, youngest and oldest; nil for one that is born later.
    func age(on today: PartialDate) -> ClosedRange<Int>? {
        func years(from birth: (Int, Int, Int), to day: (Int, Int, Int)) -> Int {
            day.0 - birth.0 - ((day.1, day.2) < (birth.1, birth.2) ? 1 : 0)
        }
        let oldest = years(from: earliest, to: today.latest)
        guard oldest >= 0 else { return nil }
        return max(0, years(from: latest, to: today.earliest))...oldest
    }

    public var description: String {
        func padded(_ number: Int, _ digits: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, digits - text.count)) + text
        }
        return ([padded(year, 4)] + [month, day].compactMap { $0.map { padded($0, 2) } }).joined(separator: "-")
    }
}
