import Synchronization
import Testing
import Workflows

@testable import LanguageModels

@Suite("Pieces on their way", .timeLimit(.minutes(1))) struct PieceChannelTests {
    @Test("All pieces arrive in order, then the end")
    func order() async throws {
        let channel = PieceChannel(capacity: 3)
        let writer = Task {
            for number in 0..<500 { #expect(await channel.send("\(number)")) }
            channel.finish(nil)
        }
        var pieces: [String] = []
        while let piece = try await channel.next() { pieces.append(piece) }
        #expect(pieces == (0..<500).map(String.init))
        await writer.value
    }

    @Test("A fault comes after the pieces that were sent before it")
    func fault() async throws {
        let channel = PieceChannel()
        _ = await channel.send("a")
        channel.finish(.cutOff)
        channel.finish(nil)
        #expect(try await channel.next() == "a")
        await #expect(throws: LanguageModelFault.cutOff) { try await channel.next() }
    }

    @Test("A full channel makes the writer wait")
    func backPressure() async throws {
        let channel = PieceChannel(capacity: 2)
        let sent = Mutex(0)
        let writer = Task {
            for number in 0..<10 where await channel.send("\(number)") { sent.withLock { $0 += 1 } }
        }
        while channel.held < 2 { await Task.yield() }
        for _ in 0..<1000 { await Task.yield() }
        #expect(sent.withLock { $0 } == 2)
        #expect(try await channel.next() == "0")
        while channel.held < 2 { await Task.yield() }
        #expect(channel.held == 2)
        channel.abandon()
        await writer.value
        #expect(sent.withLock { $0 } == 3)
    }

    @Test("A writer that waits is let go when it is cancelled")
    func cancelled() async {
        let channel = PieceChannel(capacity: 1)
        let writer = Task { [await channel.send("a"), await channel.send("b")] }
        while channel.held == 0 { await Task.yield() }
        writer.cancel()
        #expect(await writer.value.last == false)
        #expect(channel.held <= 1)
    }

    @Test("A reader that waits is let go when the answer is abandoned")
    func abandoned() async throws {
        let channel = PieceChannel()
        let reader = Task { try await channel.next() }
        channel.abandon()
        #expect(try await reader.value == nil)
        #expect(await !channel.send("a"))
    }
}
