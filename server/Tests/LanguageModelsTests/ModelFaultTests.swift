import Foundation
import Logging
import Testing
import Workflows

@testable import LanguageModels

extension Logger {
    /// What is logged is not what is tested.
    static let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
}

/// What a model is set up with in these tests, and how an answer came out.
struct Trial {
    var pieces: [String] = []
    var fault: LanguageModelFault?

    static let prompt = ChatPrompt(system: "Be kind.", turns: [.init(.user, "Why?")], tokenLimit: 200)

    /// Short where something is to fail by it, else long: the machine may be busy.
    static func deadlines(
        firstToken: Duration = .seconds(50), betweenTokens: Duration = .seconds(50), slot: Duration = .seconds(50),
        whole: Duration = .seconds(55)
    ) -> ModelDeadlines {
        ModelDeadlines(
            connect: .seconds(10), firstToken: firstToken, betweenTokens: betweenTokens, slot: slot, whole: whole)
    }

    static func model(
        _ url: String, secondary: String? = nil, slots: Int = 1, deadlines: ModelDeadlines = deadlines(),
        breaker: CircuitBreaker.Settings = .init()
    ) throws -> OpenAICompatibleModel {
        OpenAICompatibleModel(
            primary: try ModelEndpoint(url: url, modelName: "first", slots: slots),
            secondary: try secondary.map { try ModelEndpoint(url: $0, modelName: "second") },
            deadlines: deadlines, breaker: breaker, pace: .init(),
            logger: .quiet)
    }

    static func ask(_ model: OpenAICompatibleModel, prompt: ChatPrompt = prompt) async -> Trial {
        var trial = Trial()
        do {
            for try await piece in model.reply(to: prompt) { trial.pieces.append(piece) }
        } catch let fault as LanguageModelFault {
            trial.fault = fault
        } catch {
            Issue.record("threw \(error)")
        }
        return trial
    }

    /// How one question to a server with this script comes out.
    static func with(
        deadlines: ModelDeadlines = deadlines(), _ script: @escaping ScriptedServer.Script
    ) async throws -> Trial {
        try await ScriptedServer.run(script) { server in
            let trial = await ask(try model(server.url, deadlines: deadlines))
            _ = await server.log.allClosed()
            return trial
        }
    }
}

/// One after another: some of them measure time.
@Suite("Language models over the network", .serialized, .timeLimit(.minutes(1))) struct NetworkTests {}

extension NetworkTests {
    @Suite("A language model that misbehaves") struct ModelFaultTests {
        @Test("A whole answer arrives piece by piece, and the request is what was asked for")
        func whole() async throws {
            try await ScriptedServer.run {
                try await $0.answer("\\n", "The", " heart", " looks.")
            } during: { server in
                let trial = await Trial.ask(try Trial.model(server.url + "/v1"))
                #expect(trial.pieces == ["The", " heart", " looks."])
                #expect(trial.fault == nil)
                let request = try #require(server.log.requests.first)
                #expect(request.hasPrefix("POST /v1/chat/completions HTTP/1.1\r\n"))
                #expect(request.contains(#""model":"first""#))
                #expect(request.contains(#"{"content":"Why?","role":"user"}"#))
                #expect(!request.contains("cache_prompt"))
            }
        }

        @Test("One byte at a time is read like any other answer")
        func singleBytes() async throws {
            let trial = try await Trial.with { visit in
                let text = "data: \(CompletionReaderTests.text("Lunge \u{1FAC1}"))\r\n\r\ndata: [DONE]\r\n\r\n"
                try await visit.raw("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n")
                for byte in text.utf8 { try await visit.raw([byte]) }
            }
            #expect(trial.pieces == ["Lunge \u{1FAC1}"])
            #expect(trial.fault == nil)
        }

        @Test("Nobody listens: unreachable")
        func refusedConnection() async throws {
            let trial = await Trial.ask(try Trial.model(try await ScriptedServer.nobody()))
            #expect(trial.fault == .unreachable)
            #expect(trial.pieces.isEmpty)
        }

        @Test("A name that nobody has: unreachable")
        func unknownName() async throws {
            let trial = await Trial.ask(try Trial.model("http://nobody.invalid:1"))
            #expect(trial.fault == .unreachable)
        }

        @Test("A server that hangs up without a word: unreachable")
        func hangsUp() async throws {
            #expect(try await Trial.with { _ in }.fault == .unreachable)
        }

        @Test("A connection that is closed as the request goes out is tried once more")
        func closedMeanwhile() async throws {
            let trial = try await Trial.with { visit in
                if visit.number == 2 { try await visit.answer("Here.") }
            }
            #expect(trial.pieces == ["Here."])
            #expect(trial.fault == nil)
        }

        @Test("No TLS where TLS was wanted: unreachable")
        func noEncryption() async throws {
            try await ScriptedServer.run {
                try await $0.plain(400)
            } during: { server in
                let url = server.url.replacing("http:", with: "https:")
                let trial = await Trial.ask(try Trial.model(url))
                #expect(trial.fault == .unreachable)
            }
        }

        @Test("A status is a refusal with it", arguments: [302, 400, 401, 404, 429, 500, 503])
        func status(_ status: Int) async throws {
            let trial = try await Trial.with { visit in
                try await visit.plain(status, headers: "Location: http://127.0.0.1:1/\r\n")
            }
            #expect(trial.fault == .refused(status))
        }

        @Test("An error in the stream is a refusal, before the first word and after it")
        func errorInStream() async throws {
            for pieces in [[], ["A"]] {
                let trial = try await Trial.with { visit in
                    try await visit.begin()
                    for piece in pieces { try await visit.say(piece) }
                    try await visit.event(#"{"error":{"code":500,"message":"out of memory"}}"#)
                    try await visit.silence()
                }
                #expect(trial.fault == .refused(500))
                #expect(trial.pieces == pieces)
            }
        }

        @Test("Silence, before and after the head, with comments or without: silent")
        func silence() async throws {
            let deadlines = Trial.deadlines(firstToken: .milliseconds(80))
            let scripts: [ScriptedServer.Script] = [
                { try await $0.silence() },
                { visit in
                    try await visit.begin()
                    try await visit.silence()
                },
                { visit in
                    try await visit.begin()
                    while !Task.isCancelled { try await visit.chunk(": ping\n\n") }
                },
            ]
            for script in scripts {
                let started = ContinuousClock.now
                #expect(try await Trial.with(deadlines: deadlines, script).fault == .silent)
                #expect(started.duration(to: .now) < .seconds(20))
            }
        }

        @Test("A model that stops in the middle and keeps the line: cut off")
        func stuck() async throws {
            let trial = try await Trial.with(deadlines: Trial.deadlines(betweenTokens: .milliseconds(80))) { visit in
                try await visit.begin()
                try await visit.say("The heart")
                try await visit.silence()
            }
            #expect(trial.pieces == ["The heart"])
            #expect(trial.fault == .cutOff)
        }

        @Test("What is neither a stream of events nor JSON: garbled")
        func garbage() async throws {
            let scripts: [ScriptedServer.Script] = [
                { try await $0.raw("SSH-2.0-OpenSSH_9.2\r\n") },
                { try await $0.plain(200, "{\"choices\":[]}") },
                { visit in
                    try await visit.begin(type: "text/html")
                    try await visit.chunk("<p>data: hello</p>")
                    try await visit.raw("0\r\n\r\n")
                },
                { visit in
                    try await visit.begin()
                    try await visit.event("hello")
                    try await visit.silence()
                },
                { visit in
                    try await visit.begin()
                    try await visit.chunk("<html>hello</html>")
                    try await visit.raw("0\r\n\r\n")
                },
                { visit in
                    try await visit.begin()
                    while !Task.isCancelled { try await visit.chunk(String(repeating: "x", count: 4096)) }
                },
            ]
            for (number, script) in scripts.enumerated() {
                #expect(try await Trial.with(script).fault == .garbled, "script \(number)")
            }
        }

        @Test("Half a stream: cut off, whether the line is closed well or badly")
        func halfStream() async throws {
            for ending in ["0\r\n\r\n", "", "5\r\nda"] {
                let trial = try await Trial.with { visit in
                    try await visit.begin()
                    try await visit.say("The heart")
                    try await visit.raw(ending)
                }
                #expect(trial.pieces == ["The heart"])
                #expect(trial.fault == .cutOff, "ending \(ending)")
            }
        }

        @Test("An answer that ran into its limit: cut off")
        func limit() async throws {
            let trial = try await Trial.with { visit in
                try await visit.begin()
                try await visit.say("The heart")
                try await visit.finish("length")
            }
            #expect(trial.fault == .cutOff)
        }

        @Test("An answer with nothing in it: empty")
        func empty() async throws {
            #expect(try await Trial.with { try await $0.answer() }.fault == .empty)
            #expect(try await Trial.with { try await $0.answer(" ", "\\n\\t") }.fault == .empty)
        }

        @Test("A loop, and an answer without an end: looping, and the line is closed")
        func loops() async throws {
            let loop = try await Trial.with { visit in
                try await visit.begin()
                while !Task.isCancelled { try await visit.say("It may be serious. ") }
            }
            #expect(loop.fault == .looping)
            let endless = try await Trial.with { visit in
                try await visit.begin()
                var number = 0
                while !Task.isCancelled {
                    number += 1
                    try await visit.say("w\(number) ")
                }
            }
            #expect(endless.fault == .looping)
            #expect(endless.pieces.count <= 266)
        }

        @Test("A model that thinks is at work, however long; and all in all there is a limit")
        func thinking() async throws {
            let trial = try await Trial.with(deadlines: Trial.deadlines(whole: .milliseconds(300))) { visit in
                try await visit.begin()
                while !Task.isCancelled {
                    try await visit.event(#"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm"}}]}"#)
                }
            }
            #expect(trial.fault == .silent)
        }

        @Test("A server that doesn't hang up after the end isn't waited for")
        func afterword() async throws {
            let started = ContinuousClock.now
            let trial = try await Trial.with { visit in
                try await visit.begin()
                try await visit.say("Yes.")
                try await visit.event(CompletionReaderTests.finish("stop"))
                try await visit.silence()
            }
            #expect(trial.fault == nil)
            #expect(started.duration(to: .now) < .seconds(20))
        }
    }
}
