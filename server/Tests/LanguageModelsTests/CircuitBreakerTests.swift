import Testing

@testable import LanguageModels

@Suite("Circuit breaker") struct CircuitBreakerTests {
    private let start = ContinuousClock.now

    private func opened() -> HeldBreaker {
        let breaker = HeldBreaker()
        for _ in 0..<3 {
            #expect(breaker.admit(at: start))
            breaker.failed(at: start)
        }
        return breaker
    }

    @Test("It opens after three failures in a row, and not before")
    func opens() {
        let breaker = HeldBreaker()
        for _ in 0..<2 {
            #expect(breaker.admit(at: start))
            breaker.failed(at: start)
        }
        #expect(breaker.wouldAdmit(at: start))
        breaker.succeeded()
        breaker.failed(at: start)
        breaker.failed(at: start)
        #expect(breaker.wouldAdmit(at: start))
        breaker.failed(at: start)
        #expect(breaker.isOpen)
        #expect(!breaker.admit(at: start))
        #expect(!breaker.admit(at: start + .milliseconds(14_999)))
    }

    @Test("After the pause it admits one probe, and closes when that succeeds")
    func probe() {
        let breaker = opened()
        let later = start + .seconds(15)
        #expect(breaker.admit(at: later))
        #expect(!breaker.admit(at: later))
        #expect(breaker.isOpen)
        breaker.succeeded()
        #expect(!breaker.isOpen)
        #expect(breaker.admit(at: later))
        #expect(breaker.admit(at: later))
    }

    @Test("Each probe that fails doubles the pause, up to two minutes")
    func doubling() {
        let breaker = opened()
        var now = start
        for pause in [15, 30, 60, 120, 120] {
            #expect(!breaker.admit(at: now + .seconds(pause) - .milliseconds(1)))
            now += .seconds(pause)
            #expect(breaker.admit(at: now))
            breaker.failed(at: now)
        }
        now += .seconds(120)
        #expect(breaker.admit(at: now))
        breaker.succeeded()
        for _ in 0..<3 { breaker.failed(at: now) }
        #expect(breaker.admit(at: now + .seconds(15)))
    }

    @Test("A probe of which nothing was learnt may be made again at once")
    func released() {
        let breaker = opened()
        let later = start + .seconds(15)
        #expect(breaker.admit(at: later))
        breaker.released(at: later)
        #expect(breaker.isOpen)
        #expect(breaker.admit(at: later))
    }

    @Test("What fails late, after it has opened, doesn't lengthen the pause")
    func late() {
        let breaker = opened()
        breaker.failed(at: start + .seconds(10))
        #expect(breaker.admit(at: start + .seconds(15)))
    }
}

/// So that `#expect` can call what changes it.
private final class HeldBreaker {
    private var breaker = CircuitBreaker()

    var isOpen: Bool { breaker.isOpen }
    func wouldAdmit(at now: ContinuousClock.Instant) -> Bool { breaker.wouldAdmit(at: now) }
    func admit(at now: ContinuousClock.Instant) -> Bool { breaker.admit(at: now) }
    func succeeded() { breaker.succeeded() }
    func failed(at now: ContinuousClock.Instant) { breaker.failed(at: now) }
    func released(at now: ContinuousClock.Instant) { breaker.released(at: now) }
}
