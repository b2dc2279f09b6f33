import Foundation
import Observability
import Testing

@Suite("Alerts")
struct AlertTests {
    /// One evaluation: seconds since the start, the number, and what is to be told.
    struct Moment: CustomStringConvertible, Sendable {
        var at: Double
        var value: Double?
        var told: AlertNotice.Status?
        var state: Alert.State?

        var description: String { "at \(at)" }

        init(_ at: Double, _ value: Double?, tells told: AlertNotice.Status? = nil, _ state: Alert.State? = nil) {
            self.at = at
            self.value = value
            self.told = told
            self.state = state
        }
    }

    static let rule = AlertRule(
        "queue-age", .queueAge, .above, 10, for: 60, .warning, "It waits.", repeat: 600)

    @Test(
        "An alert is told when it has held long enough, again after its interval, and when it is over",
        arguments: [
            // It never holds.
            [Moment(0, 5), Moment(100, 10)],
            // It holds too short.
            [Moment(0, 11, .pending), Moment(59, 11, .pending), Moment(60, 9), Moment(130, 9)],
            // It holds, is told once, told again, and resolved once.
            [
                Moment(0, 11, .pending), Moment(60, 12, tells: .firing, .firing), Moment(65, 12, .firing),
                Moment(659, 12, .firing), Moment(660, 12, tells: .firing, .firing),
                Moment(700, 3, tells: .resolved, .resolved),
                Moment(710, 3, .resolved), Moment(720, 30, .pending), Moment(780, 30, tells: .firing, .firing),
            ],
            // A short dip begins the time anew.
            [
                Moment(0, 11, .pending), Moment(50, 1), Moment(55, 11, .pending), Moment(110, 11, .pending),
                Moment(115, 11, tells: .firing, .firing),
            ],
            // What isn't known changes nothing.
            [
                Moment(0, 11, .pending), Moment(60, nil, .pending), Moment(70, .nan, .pending),
                Moment(80, 11, tells: .firing, .firing), Moment(90, nil, .firing),
            ],
            // The clock goes back: nothing is told twice.
            [
                Moment(100, 11, .pending), Moment(160, 11, tells: .firing, .firing), Moment(20, 11, .firing),
                Moment(170, 11, .firing),
            ],
        ])
    func table(moments: [Moment]) throws {
        var book = AlertBook(rules: [Self.rule])
        let start = Date(timeIntervalSince1970: 1_000_000)
        for moment in moments {
            let notices = book.evaluate(moment.value.map { [.queueAge: $0] } ?? [:], at: start + moment.at)
            #expect(notices.map(\.status) == moment.told.map { [$0] } ?? [], "\(moment)")
            #expect(book.alerts["queue-age"]?.state == moment.state, "\(moment)")
        }
    }

    @Test("A silenced alert says nothing until its silence is over")
    func silence() throws {
        var book = AlertBook(rules: [Self.rule])
        let start = Date(timeIntervalSince1970: 1_000_000)
        #expect(book.silence("no-such-rule", .init(until: start, reason: "r"), at: start) == nil)
        #expect(book.silence("queue-age", .init(until: start + 300, reason: "known"), at: start) != nil)
        for second in stride(from: 0.0, to: 300, by: 30) {
            #expect(book.evaluate([.queueAge: 11], at: start + second).isEmpty)
        }
        #expect(book.alerts["queue-age"]?.state == .firing)
        #expect(book.evaluate([.queueAge: 11], at: start + 300).map(\.status) == [.firing])
        #expect(book.alerts["queue-age"]?.silence == nil)
    }

    @Test("Nobody hears that something is over of which nobody heard")
    func silencedThroughout() throws {
        var book = AlertBook(rules: [Self.rule])
        let start = Date(timeIntervalSince1970: 1_000_000)
        _ = book.silence("queue-age", .init(until: start + 3000, reason: "known"), at: start)
        _ = book.evaluate([.queueAge: 11], at: start)
        #expect(book.evaluate([.queueAge: 11], at: start + 90).isEmpty)
        #expect(book.evaluate([.queueAge: 1], at: start + 120).isEmpty)
        #expect(book.alerts["queue-age"]?.state == .resolved)
        #expect(book.evaluate([.queueAge: 1], at: start + 4000).isEmpty)
    }

    @Test("After a restart nothing is told twice, and rules that are gone are forgotten")
    func restart() throws {
        var book = AlertBook(rules: [Self.rule])
        let start = Date(timeIntervalSince1970: 1_000_000)
        _ = book.evaluate([.queueAge: 11], at: start)
        #expect(book.evaluate([.queueAge: 11], at: start + 60).count == 1)
        let kept = try JSONDecoder().decode([Alert].self, from: JSONEncoder().encode(Array(book.alerts.values)))
        var next = AlertBook(rules: [Self.rule], alerts: kept)
        #expect(next.evaluate([.queueAge: 11], at: start + 70).isEmpty)
        #expect(next.evaluate([.queueAge: 1], at: start + 80).map(\.status) == [.resolved])
        #expect(AlertBook(rules: [], alerts: kept).alerts.isEmpty)
    }

    @Test("The standard rules cover every signal, have ids of their own, and survive JSON")
    func rules() throws {
        let rules = AlertRule.standard
        #expect(Set(rules.map(\.id)).count == rules.count)
        #expect(Set(rules.map(\.signal)) == Set(AlertSignal.allCases))
        #expect(try JSONDecoder().decode([AlertRule].self, from: JSONEncoder().encode(rules)) == rules)
    }
}
