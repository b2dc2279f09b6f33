import AsyncHTTPClient
import Foundation
import NIOHTTP1
import Testing
import Workflows

@testable import LanguageModels

@Suite("Endpoints") struct ModelEndpointTests {
    @Test(
        "The address may end in /v1 or not",
        arguments: [
            ("http://127.0.0.1:8081", "http://127.0.0.1:8081/v1/chat/completions"),
            ("http://127.0.0.1:8081/", "http://127.0.0.1:8081/v1/chat/completions"),
            ("http://127.0.0.1:8081/v1", "http://127.0.0.1:8081/v1/chat/completions"),
            ("https://models.example/openai/v1/", "https://models.example/openai/v1/chat/completions"),
            ("http://[::1]:8081", "http://[::1]:8081/v1/chat/completions"),
        ])
    func address(_ url: String, _ completions: String) throws {
        let endpoint = try ModelEndpoint(url: url, modelName: "m")
        #expect(endpoint.completions == completions)
        #expect(endpoint.health == completions.replacing("/v1/chat/completions", with: "/health"))
    }

    @Test(
        "Other addresses are refused",
        arguments: [
            "", "127.0.0.1:8081", "file:///etc/passwd", "unix:/run/model", "http://", "http://a:b@host",
            "http://host?x=1",
            "http://host#a",
        ])
    func wrongAddress(_ url: String) {
        #expect(throws: ModelEndpoint.Mistake.self) { try ModelEndpoint(url: url, modelName: "m") }
    }

    @Test("A token is read from its file and goes with every request")
    func token() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "token-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data("  abc.DEF-123\n".utf8).write(to: file)
        let endpoint = try ModelEndpoint(url: "http://host", modelName: "m", tokenFile: file.path)
        let prompt = ChatPrompt(system: "s", turns: [], tokenLimit: 1)
        let request = try CompletionRequest(prompt, model: "m", keepsPrefix: false).request(to: endpoint)
        #expect(request.headers["Authorization"] == ["Bearer abc.DEF-123"])
        try Data("two words".utf8).write(to: file)
        #expect(throws: ModelEndpoint.Mistake.self) {
            try ModelEndpoint(url: "http://host", modelName: "m", tokenFile: file.path)
        }
        #expect(throws: ModelEndpoint.Mistake.self) {
            try ModelEndpoint(url: "http://host", modelName: "m", tokenFile: file.path + "-missing")
        }
    }

    @Test("No slot and no name are refused")
    func rest() {
        #expect(throws: ModelEndpoint.Mistake.self) { try ModelEndpoint(url: "http://h", modelName: "") }
        #expect(throws: ModelEndpoint.Mistake.self) { try ModelEndpoint(url: "http://h", modelName: "m", slots: 0) }
    }

    @Test("The request has what the protocol asks for; the prefix is kept only if that is wanted")
    func body() throws {
        let prompt = ChatPrompt(
            system: "Be kind.", turns: [.init(.user, "Why?"), .init(.assistant, "So."), .init(.user, "And?")],
            tokenLimit: 99)
        for keepsPrefix in [false, true] {
            let body = try JSONEncoder().encode(CompletionRequest(prompt, model: "m", keepsPrefix: keepsPrefix))
            let object = try #require(JSONSerialization.jsonObject(with: body) as? [String: Any])
            #expect(object["model"] as? String == "m")
            #expect(object["max_tokens"] as? Int == 99)
            #expect(object["temperature"] as? Double == 0.2)
            #expect(object["stream"] as? Bool == true)
            #expect((object["stream_options"] as? [String: Bool]) == ["include_usage": true])
            #expect((object["cache_prompt"] as? Bool) == (keepsPrefix ? true : nil))
            let messages = try #require(object["messages"] as? [[String: String]])
            #expect(messages.map { $0["role"] } == ["system", "user", "assistant", "user"])
            #expect(messages.map { $0["content"] } == ["Be kind.", "Why?", "So.", "And?"])
        }
    }
}
