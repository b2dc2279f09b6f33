internal import Foundation
internal import Workflows

/// Reads the events of a streamed chat completion: what is said, how it ends, what it took.
///
/// Only the text of the first choice counts. What a reasoning model thinks (`reasoning_content`, `reasoning`) is a sign
/// of life and nothing else, and calls of tools are read over: the model is offered none.
struct CompletionReader: Sendable {
    /// What one event brings.
    enum Step: Sendable, Equatable {
        /// A piece of the answer, never empty.
        case text(String)
        /// The model is at work on what isn't part of the answer.
        case thinking
        /// Nothing to say or to wait for.
        case nothing
        /// `[DONE]`: nothing follows.
        case done
    }

    /// How the model ended, as far as it says.
    private(set) var finishReason: String?
    private(set) var isDone = false
    /// As the server counted them, or else the pieces that came.
    var tokens: Int { countedTokens ?? pieces }

    private var countedTokens: Int?
    private var pieces = 0
    private var saidAnything = false
    private var sawEvent = false
    private let decoder = JSONDecoder()

    /// - Throws: `refused` where the server reports an error, `garbled` for what is no chat completion.
    mutating func take(_ event: ServerSentEvent) throws(LanguageModelFault) -> Step {
        if event.data.isEmpty { return .nothing }
        sawEvent = true
        if event.data == "[DONE]" {
            isDone = true
            return .done
        }
        let chunk: Chunk
        do {
            chunk = try decoder.decode(Chunk.self, from: Data(event.data.utf8))
        } catch {
            throw .garbled
        }
        if let problem = chunk.error { throw .refused(problem.status) }
        guard let choices = chunk.choices else { throw .garbled }
        if let usage = chunk.usage { countedTokens = usage.completionTokens }
        guard let choice = choices.first(where: { $0.index ?? 0 == 0 }) else { return .nothing }
        if let reason = choice.finishReason { finishReason = reason }
        if let text = choice.delta?.content, !text.isEmpty {
            pieces += 1
            if !saidAnything { saidAnything = text.contains { !$0.isWhitespace } }
            return .text(text)
        }
        if choice.delta?.isThinking == true {
            pieces += 1
            return .thinking
        }
        return .nothing
    }

    /// Why the answer isn't whole, now that the stream has ended; nil where it is.
    ///
    /// An answer that ran into the token limit, or into a server's filter, counts as cut off: its last sentence may be
    /// half, and what it would have said next is missing.
    func fault(afterAnyByte: Bool) -> LanguageModelFault? {
        guard sawEvent else { return afterAnyByte ? .garbled : .cutOff }
        guard let reason = finishReason else {
            guard isDone else { return .cutOff }
            return saidAnything ? nil : .empty
        }
        if Self.endsEarly.contains(reason) { return .cutOff }
        return saidAnything ? nil : .empty
    }

    /// Whether the server kept to the protocol, whatever the answer is worth.
    var endedProperly: Bool { finishReason != nil || isDone }

    private static let endsEarly: Set<String> = ["length", "content_filter", "tool_calls", "function_call"]
}

/// What Lightbox reads of a `chat.completion.chunk`.
private struct Chunk: Decodable {
    struct Choice: Decodable {
        var index: Int?
        var delta: Delta?
        var finishReason: String?

        enum CodingKeys: String, CodingKey {
            case index, delta
            case finishReason = "finish_reason"
        }
    }

    struct Delta: Decodable {
        var content: String?
        var reasoningContent: String?
        var reasoning: String?

        var isThinking: Bool { reasoningContent?.isEmpty == false || reasoning?.isEmpty == false }

        enum CodingKeys: String, CodingKey {
            case content, reasoning
            case reasoningContent = "reasoning_content"
        }
    }

    struct Usage: Decodable {
        var completionTokens: Int?

        enum CodingKeys: String, CodingKey {
            case completionTokens = "completion_tokens"
        }
    }

    /// An object with a code in most servers, a bare string in some.
    struct Problem: Decodable {
        /// 400 to 599; 500 where the server says nothing usable.
        var status: Int

        init(from decoder: any Decoder) throws {
            let code = try? decoder.container(keyedBy: CodingKeys.self).decode(Int.self, forKey: .code)
            status = code.flatMap { (400...599).contains($0) ? $0 : nil } ?? 500
        }

        enum CodingKeys: String, CodingKey { case code }
    }

    var choices: [Choice]?
    var usage: Usage?
    var error: Problem?
}
