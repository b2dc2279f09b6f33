import Foundation
import Logging
import Testing
import Workflows

@testable import LanguageModels

extension NetworkTests {
    @Suite("Two endpoints and their slots") struct ModelEndpointsTests {
        @Test("The secondary answers when the primary fails before the first word")
        func fallsOver() async throws {
            try await ScriptedServer.run {
                try await $0.answer("Second.")
            } during: { second in
                let scripts: [ScriptedServer.Script] = [
                    { try await $0.plain(500) }, { try await $0.answer(" ") }, { try await $0.raw("?") },
                ]
                for script in scripts {
                    try await ScriptedServer.run(script) { first in
                        let trial = await Trial.ask(try Trial.model(first.url, secondary: second.url))
                        #expect(trial.pieces == ["Second."])
                        #expect(trial.fault == nil)
                    }
                }
                #expect(second.log.requests.allSatisfy { $0.contains(#""model":"second""#) })
            }
        }

        @Test("It isn't asked once a word is out")
        func halfSaid() async throws {
            try await ScriptedServer.run {
                try await $0.answer("Second.")
            } during: { second in
                try await ScriptedServer.run { visit in
                    try await visit.begin()
                    try await visit.say("First")
                } during: { first in
                    let trial = await Trial.ask(try Trial.model(first.url, secondary: second.url))
                    #expect(trial.pieces == ["First"])
                    #expect(trial.fault == .cutOff)
                    #expect(second.log.requests.isEmpty)
                }
            }
        }

        @Test("When both fail, the last one's fault is told")
        func bothFail() async throws {
            try await ScriptedServer.run {
                try await $0.plain(500)
            } during: { second in
                let trial = await Trial.ask(try Trial.model(try await ScriptedServer.nobody(), secondary: second.url))
                #expect(trial.fault == .refused(500))
            }
        }

        @Test("With one slot, the second question waits for the first; with too little patience it is told busy")
        func slots() async throws {
            let goOn = Signal()
            let begun = Signal()
            try await ScriptedServer.run { visit in
                try await visit.begin()
                try await visit.say("Number \(visit.number)")
                begun.give()
                if visit.number == 1 { await goOn.wait() }
                try await visit.finish()
            } during: { server in
                let model = try Trial.model(server.url)
                let first = Task { await Trial.ask(model) }
                await begun.wait()
                let second = Task { await Trial.ask(model) }
                let hasty = try Trial.model(server.url, deadlines: Trial.deadlines(slot: .milliseconds(20)))
                #expect(server.log.requests.count == 1)
                goOn.give()
                #expect(await first.value.pieces == ["Number 1"])
                #expect(await second.value.pieces == ["Number 2"])
                #expect(await Trial.ask(hasty).fault == nil)
            }
        }

        @Test("Who waits too long for the one slot is told busy, or gets the secondary")
        func busy() async throws {
            let begun = Signal()
            try await ScriptedServer.run { visit in
                try await visit.begin()
                try await visit.say("One")
                begun.give()
                try await visit.silence()
            } during: { server in
                let alone = try Trial.model(server.url, deadlines: Trial.deadlines(slot: .milliseconds(20)))
                let holder = Task { await Trial.ask(alone) }
                await begun.wait()
                #expect(await Trial.ask(alone).fault == .busy)
                #expect(server.log.requests.count == 1)
                #expect(await alone.isAvailable())
                holder.cancel()
                _ = await holder.value
            }
        }

        @Test("After three failures the endpoint is left alone, and it is tried again after the pause")
        func breaker() async throws {
            try await ScriptedServer.run { visit in
                try await visit.number <= 3 ? visit.plain(500) : visit.answer("Here again.")
            } during: { server in
                let model = try Trial.model(
                    server.url,
                    breaker: .init(failuresInRow: 3, firstPause: .milliseconds(300), longestPause: .seconds(1)))
                for _ in 0..<3 { #expect(await Trial.ask(model).fault == .refused(500)) }
                #expect(await !model.isAvailable())
                #expect(await Trial.ask(model).fault == .busy)
                #expect(server.log.requests.count == 3)
                while await !model.isAvailable() { await Task.yield() }
                #expect(await Trial.ask(model).pieces == ["Here again."])
                #expect(await model.isAvailable())
            }
        }

        @Test("A question that is too long opens no breaker, nor does an answer that is stopped")
        func innocent() async throws {
            try await ScriptedServer.run {
                try await $0.plain(400)
            } during: { server in
                let model = try Trial.model(server.url)
                for _ in 0..<5 { #expect(await Trial.ask(model).fault == .refused(400)) }
                #expect(await model.isAvailable())
            }
        }

        @Test("The health check finds out who is there, by /health or by the list of models")
        func health() async throws {
            try await ScriptedServer.run { visit in
                let isHealth = visit.request.hasPrefix("GET /health")
                try await visit.plain(isHealth ? 404 : 200)
            } during: { server in
                let model = try Trial.model(server.url)
                await model.checkHealth()
                #expect(await model.isAvailable())
                #expect(server.log.requests.map { $0.split(separator: " ")[1] } == ["/health", "/v1/models"])
            }
            try await ScriptedServer.run {
                try await $0.plain(503)
            } during: { loading in
                let model = try Trial.model(loading.url)
                await model.checkHealth()
                #expect(await !model.isAvailable())
                #expect(await Trial.ask(model).fault == .unreachable)
                #expect(loading.log.requests.count == 1)
            }
        }

        @Test("Watching the endpoints ends when it is cancelled")
        func watching() async throws {
            let model = try Trial.model(try await ScriptedServer.nobody())
            let watching = Task { await model.run() }
            while await model.isAvailable() { await Task.yield() }
            watching.cancel()
            await watching.value
        }

        @Test(
            "An endpoint that keeps prefixes reads what all prompts begin with as soon as it is there; another isn't asked",
            arguments: [true, false])
        func warmUp(keepsPrefix: Bool) async throws {
            try await ScriptedServer.run { visit in
                if visit.request.hasPrefix("GET /health") { return try await visit.plain(200) }
                try await visit.begin()
                try await visit.say("H")
                try await visit.finish("length")
            } during: { server in
                let model = OpenAICompatibleModel(
                    primary: try ModelEndpoint(url: server.url, modelName: "m"), keepsPrefix: keepsPrefix,
                    breaker: CircuitBreaker.Settings(),
                    pace: .init(healthy: .milliseconds(5), unhealthy: .milliseconds(5)), logger: .quiet)
                let watching = Task { await model.run(reading: "Be kind.") }
                while server.log.requests.count < 8 { await Task.yield() }
                watching.cancel()
                await watching.value
                #expect(await model.isAvailable())
                let warmUps = server.log.requests.filter { $0.contains("Be kind.") }
                // Once each time that it appears: a machine that is busy may miss it for a moment.
                #expect((keepsPrefix ? 1...3 : 0...0).contains(warmUps.count))
                #expect(warmUps.allSatisfy { $0.contains(#""max_tokens":1"#) && $0.contains(#""cache_prompt":true"#) })
                // It counts for nothing against the endpoint: an answer begins as before.
                #expect(await Trial.ask(model).pieces == ["H"])
            }
        }
    }
}
