import Testing
import Workflows

@testable import LanguageModels

@Suite("Chat completions") struct CompletionReaderTests {
    private func read(_ data: [String]) throws(LanguageModelFault) -> (CompletionReader, [CompletionReader.Step]) {
        var reader = CompletionReader()
        var steps: [CompletionReader.Step] = []
        for text in data { steps.append(try reader.take(ServerSentEvent(name: "message", data: text))) }
        return (reader, steps)
    }

    @Test("Pieces of text are read, and the first with a role and no text is nothing")
    func pieces() throws {
        let (reader, steps) = try read([
            #"{"choices":[{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":null}]}"#,
            #"{"choices":[{"index":0,"delta":{"content":" heart"}}],"unknown":[1,{}]}"#,
            #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"#,
            #"{"choices":[],"usage":{"prompt_tokens":30,"completion_tokens":7,"total_tokens":37}}"#,
            "[DONE]",
        ])
        #expect(steps == [.nothing, .text("A"), .text(" heart"), .nothing, .nothing, .done])
        #expect(reader.tokens == 7)
        #expect(reader.fault(afterAnyByte: true) == nil)
    }

    @Test("Thinking is a sign of life and no text; tools and other choices are read over")
    func others() throws {
        let (reader, steps) = try read([
            #"{"choices":[{"index":0,"delta":{"reasoning_content":"Hm."}}]}"#,
            #"{"choices":[{"index":0,"delta":{"reasoning":"Hm."}}]}"#,
            #"{"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"name":"f"}}]}}]}"#,
            #"{"choices":[{"index":1,"delta":{"content":"Another."}}]}"#,
        ])
        #expect(steps == [.thinking, .thinking, .nothing, .nothing])
        #expect(reader.tokens == 2)
    }

    static let endings: [(data: [String], fault: LanguageModelFault?)] = [
        ([], .cutOff),
        (["[DONE]"], .empty),
        ([text("a")], .cutOff),
        ([text("a"), "[DONE]"], nil),
        ([text("a"), finish("stop")], nil),
        ([text("a"), finish("eos_token")], nil),
        ([text("a"), finish("length")], .cutOff),
        ([text("a"), finish("content_filter")], .cutOff),
        ([finish("stop"), "[DONE]"], .empty),
        ([text("  "), text("\\n"), finish("stop")], .empty),
    ]

    @Test("What is whole, cut off or empty", arguments: endings)
    func ending(of example: (data: [String], fault: LanguageModelFault?)) throws {
        let (reader, _) = try read(example.data)
        #expect(reader.fault(afterAnyByte: !example.data.isEmpty) == example.fault)
    }

    @Test("Bytes that made no event are garbled")
    func noEvent() {
        #expect(CompletionReader().fault(afterAnyByte: true) == .garbled)
    }

    @Test(
        "What is no chat completion is garbled",
        arguments: [
            "hello", "{", "[]", "1", #"{"text":"a"}"#, #"{"choices":"a"}"#, #"{"choices":[{"delta":{"content":5}}]}"#,
        ])
    func garbled(_ data: String) {
        #expect(throws: LanguageModelFault.garbled) { try read([data]) }
    }

    @Test(
        "An error in the stream is a refusal with its code",
        arguments: [
            (#"{"error":{"message":"Loading model","code":503}}"#, 503),
            (#"{"error":{"message":"no","code":"context_length_exceeded"}}"#, 500),
            (#"{"error":{"message":"no","code":7}}"#, 500), (#"{"error":"no"}"#, 500),
        ])
    func error(_ data: String, _ status: Int) {
        #expect(throws: LanguageModelFault.refused(status)) { try read([data]) }
    }

    static func text(_ text: String) -> String {
        #"{"choices":[{"index":0,"delta":{"content":"\#(text)"},"finish_reason":null}]}"#
    }

    static func finish(_ reason: String) -> String {
        #"{"choices":[{"index":0,"delta":{},"finish_reason":"\#(reason)"}]}"#
    }
}
