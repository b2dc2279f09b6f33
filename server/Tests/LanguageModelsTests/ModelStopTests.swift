import Foundation
import Testing
import Workflows

@testable import LanguageModels

/// Signals from a test to a server's script.
struct Signal: Sendable {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() {
        (stream, continuation) = AsyncStream.makeStream()
    }

    func give() { continuation.yield() }
    func wait() async { for await _ in stream { return } }
}

extension NetworkTests {
    @Suite("Stopping a language model") struct ModelStopTests {
        /// Speaks without an end and without a loop.
        private static let talker: ScriptedServer.Script = { visit in
            try await visit.begin()
            try await visit.say("Well, ")
            try await visit.silence()
        }

        @Test("Cancelling whoever reads closes the connection within 200 ms")
        func cancelled() async throws {
            try await ScriptedServer.run(Self.talker) { server in
                let model = try Trial.model(server.url)
                let heard = Signal()
                let reader = Task {
                    var pieces: [String] = []
                    for try await piece in model.reply(to: Trial.prompt) {
                        pieces.append(piece)
                        heard.give()
                    }
                    return pieces
                }
                await heard.wait()
                #expect(server.log.open == 1)
                let stopped = ContinuousClock.now
                reader.cancel()
                let closed = try #require(await server.log.allClosed())
                #expect(stopped.duration(to: closed) < .milliseconds(200))
                #expect(try await reader.value == ["Well, "])
            }
        }

        @Test("So does letting go of the answer")
        func letGo() async throws {
            try await ScriptedServer.run(Self.talker) { server in
                let model = try Trial.model(server.url)
                for try await _ in model.reply(to: Trial.prompt) { break }
                let stopped = ContinuousClock.now
                let closed = try #require(await server.log.allClosed())
                #expect(stopped.duration(to: closed) < .milliseconds(200))
                // The slot is free again.
                for try await _ in model.reply(to: Trial.prompt) { break }
                _ = await server.log.allClosed()
                #expect(server.log.requests.count == 2)
            }
        }

        @Test("Stopping before the first word closes the connection too, and opens no other")
        func early() async throws {
            let came = Signal()
            try await ScriptedServer.run { visit in
                came.give()
                try await visit.silence()
            } during: { server in
                let model = try Trial.model(server.url, secondary: server.url)
                let reader = Task { await Trial.ask(model) }
                await came.wait()
                reader.cancel()
                _ = await server.log.allClosed()
                #expect(await reader.value.fault == nil)
                #expect(server.log.requests.count == 1)
            }
        }

        @Test("A hundred answers that are stopped leave no connection and no slot behind")
        func many() async throws {
            try await ScriptedServer.run(Self.talker) { server in
                let model = try Trial.model(server.url, slots: 4)
                await withTaskGroup(of: Void.self) { group in
                    for number in 0..<100 {
                        group.addTask {
                            let reader = Task {
                                for try await _ in model.reply(to: Trial.prompt) where number.isMultiple(of: 2) {
                                    return
                                }
                            }
                            if !number.isMultiple(of: 2) { reader.cancel() }
                            _ = try? await reader.value
                        }
                    }
                }
                _ = await server.log.allClosed()
                #expect(server.log.open == 0)
                #expect(await model.isAvailable())
            }
        }

        @Test("A slow reader holds the server back instead of filling the memory")
        func slowReader() async throws {
            let blocked = Signal()
            try await ScriptedServer.run { visit in
                try await visit.begin()
                let line = #"{"choices":[{"delta":{}}],"pad":""# + String(repeating: "x", count: 30_000) + "\"}"
                for number in 0..<100 {
                    try await visit.event(line)
                    try await visit.say("w\(number) ")
                    if number == 40 { blocked.give() }
                }
                try await visit.finish()
            } during: { server in
                let model = try Trial.model(server.url)
                let prompt = ChatPrompt(system: "", turns: [.init(.user, "Why?")], tokenLimit: 4000)
                var pieces = 0
                for try await _ in model.reply(to: prompt) {
                    if pieces == 0 { await blocked.wait() }
                    pieces += 1
                }
                #expect(pieces == 100)
            }
        }
    }
}
