import Testing

@testable import LanguageModels

@Suite("Slots", .timeLimit(.minutes(1))) struct SlotGateTests {
    @Test("Who comes first is served first")
    func order() async {
        let gate = SlotGate(slots: 1)
        #expect(await gate.take(within: .zero))
        let (served, continuation) = AsyncStream.makeStream(of: Int.self)
        for number in 0..<5 {
            Task {
                #expect(await gate.take(within: .seconds(60)))
                continuation.yield(number)
                gate.give()
            }
            while gate.waiting <= number { await Task.yield() }
        }
        gate.give()
        var order: [Int] = []
        for await number in served {
            order.append(number)
            if order.count == 5 { break }
        }
        #expect(order == [0, 1, 2, 3, 4])
    }

    @Test("Who has waited long enough goes without, and keeps nothing")
    func patience() async {
        let gate = SlotGate(slots: 1)
        #expect(await gate.take(within: .zero))
        #expect(await !gate.take(within: .milliseconds(10)))
        #expect(gate.waiting == 0)
        gate.give()
        #expect(gate.taken == 0)
        #expect(await gate.take(within: .zero))
    }

    @Test("Who is cancelled waits no longer")
    func cancelled() async {
        let gate = SlotGate(slots: 1)
        #expect(await gate.take(within: .zero))
        let waiter = Task { await gate.take(within: .seconds(600)) }
        while gate.waiting == 0 { await Task.yield() }
        waiter.cancel()
        #expect(await !waiter.value)
        #expect(gate.waiting == 0)
    }

    @Test("No slot is lost or given twice, whoever gives up when")
    func crowd() async {
        let gate = SlotGate(slots: 3)
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<300 {
                group.addTask {
                    let patience: Duration = number.isMultiple(of: 3) ? .microseconds(number) : .seconds(60)
                    guard await gate.take(within: patience) else { return }
                    #expect((1...3).contains(gate.taken))
                    await Task.yield()
                    gate.give()
                }
            }
            for _ in 0..<40 {
                group.addTask {
                    let waiter = Task { if await gate.take(within: .seconds(60)) { gate.give() } }
                    await Task.yield()
                    waiter.cancel()
                    await waiter.value
                }
            }
        }
        #expect(gate.taken == 0)
        #expect(gate.waiting == 0)
    }
}
