import Foundation
import Logging
import Testing
import Workflows

@testable import LanguageModels

/// Against a real llama.cpp server with one slot and 2048 tokens of context, which `tests/support/llama_server.py`
/// starts; `LIGHTBOX_TEST_LLAMA` holds its address.
private let llama = ProcessInfo.processInfo.environment["LIGHTBOX_TEST_LLAMA"]

@Suite("A real llama.cpp server", .enabled(if: llama != nil), .serialized, .timeLimit(.minutes(5)))
struct LlamaServerTests {
    /// The machine may be busy: what is tested is the protocol, not the speed.
    private static let deadlines = ModelDeadlines(
        connect: .seconds(60), firstToken: .seconds(120), betweenTokens: .seconds(120), slot: .seconds(120),
        whole: .seconds(240))

    private func model() throws -> OpenAICompatibleModel {
        OpenAICompatibleModel(
            primary: try ModelEndpoint(url: try #require(llama), modelName: "smollm2-135m"), deadlines: Self.deadlines,
            keepsPrefix: true, logger: .quiet)
    }

    private func prompt(_ question: String, tokens: Int) -> ChatPrompt {
        ChatPrompt(system: "You answer in one short sentence.", turns: [.init(.user, question)], tokenLimit: tokens)
    }

    @Test("It is there, and it says a whole sentence in pieces")
    func streaming() async throws {
        let model = try model()
        await model.checkHealth()
        #expect(await model.isAvailable())
        let trial = await Trial.ask(model, prompt: prompt("What is the capital of France?", tokens: 200))
        #expect(trial.fault == nil)
        #expect(trial.pieces.count > 3)
        #expect(trial.pieces.joined().contains("Paris"))
    }

    @Test("An answer that runs into its limit is cut off, with its pieces")
    func limit() async throws {
        let trial = await Trial.ask(try model(), prompt: prompt("Tell me a long story about the sea.", tokens: 8))
        #expect(trial.fault == .cutOff)
        #expect(trial.pieces.count == 8)
    }

    @Test("A stopped answer gives the server's one slot back at once")
    func stop() async throws {
        let model = try model()
        let story = "Tell me a long story about the sea."
        func secondsForFourTokens() async throws -> Double {
            let started = ContinuousClock.now
            let trial = await Trial.ask(model, prompt: prompt(story, tokens: 4))
            #expect(trial.pieces.count == 4)
            return started.duration(to: .now) / .seconds(1)
        }
        let usual = try await secondsForFourTokens()
        for _ in 0..<3 {
            for try await _ in model.reply(to: prompt(story, tokens: 1500)) { break }
        }
        // Three answers that went on would hold the slot for 4500 tokens.
        #expect(try await secondsForFourTokens() < usual * 50)
    }

    @Test("Two questions at once are answered one after the other")
    func slots() async throws {
        let model = try model()
        async let first = Trial.ask(model, prompt: prompt("Tell me a long story about the sea.", tokens: 6))
        async let second = Trial.ask(model, prompt: prompt("Tell me a long story about a town.", tokens: 6))
        for trial in await [first, second] {
            #expect(trial.fault == .cutOff, "\(trial)")
            #expect(trial.pieces.count == 6)
        }
    }

    @Test("Too long a question is refused with 400 and closes nothing")
    func tooLong() async throws {
        let model = try model()
        let long = prompt(String(repeating: "hello there ", count: 4000), tokens: 8)
        for _ in 0..<4 { #expect(await Trial.ask(model, prompt: long).fault == .refused(400)) }
        #expect(await model.isAvailable())
    }
}
