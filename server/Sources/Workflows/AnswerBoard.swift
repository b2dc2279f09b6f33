public import Domain
import Synchronization

/// What a person who watches an answer sees happen.
public enum AnswerEvent: Sendable, Equatable {
    /// The question was kept, and this is the answer as far as it got.
    case began(question: ChatMessage, answer: ChatMessage)
    /// A language model is at work. What it says is shown when it was checked, so this is all there is to see.
    case writing(tokens: Int)
    /// A sentence that holds; one at an index that had one takes its place.
    case sentence(AnswerSentence, index: Int, of: ChatMessageID)
    case done(answer: ChatMessage)
}

/// An event with its number, which grows in a conversation.
public struct NumberedAnswerEvent: Sendable, Equatable {
    public var number: Int
    public var event: AnswerEvent
}

/// The answers that are being written, and those who watch them. One at a time in each conversation.
public final class AnswerBoard: Sendable {
    private struct Entry {
        let session: SessionID
        let answer: ChatMessageID
        /// All since the beginning, but only the newest of those that say that the model is at work.
        var events: [NumberedAnswerEvent] = []
        var next: Int
        var watchers: [Int: Watcher<NumberedAnswerEvent>] = [:]
        var stop: (@Sendable () -> Void)?
        var isStopped = false
    }

    private struct State {
        var entries: [ConversationID: Entry] = [:]
        var nextWatcher = 0
        var isClosed = false
    }

    /// Events of the answer with the number n have numbers from n times this.
    private static let numbersPerMessage = 100_000
    /// Most answers that are written at once, of all sessions.
    private static let mostAtOnce = 256
    private let state = Mutex(State())

    public init() {}

    /// The answer that is being written in a conversation.
    public func current(_ id: ConversationID) -> ChatMessageID? {
        state.withLock { $0.entries[id]?.answer }
    }

    /// - Throws: ``Fault/answerInProgress``, or ``Fault/assistantBusy`` where too many are written at once.
    func begin(_ answer: ChatMessage, in session: SessionID) throws(Fault) {
        try state.withLock { state throws(Fault) in
            guard !state.isClosed, state.entries.count < Self.mostAtOnce else { throw .assistantBusy }
            guard state.entries[answer.conversationID] == nil else { throw .answerInProgress }
            state.entries[answer.conversationID] = Entry(
                session: session, answer: answer.id, next: answer.number * Self.numbersPerMessage)
        }
    }

    /// Says how an answer is stopped; at once, if somebody asked for it already.
    func onStop(_ id: ConversationID, _ stop: @escaping @Sendable () -> Void) {
        let isStopped = state.withLock { state in
            state.entries[id]?.stop = stop
            return state.entries[id]?.isStopped ?? true
        }
        if isStopped { stop() }
    }

    /// Stops the answer, if one is being written.
    func stop(_ id: ConversationID) {
        let stop = state.withLock { state in
            state.entries[id]?.isStopped = true
            return state.entries[id]?.stop
        }
        stop?()
    }

    /// Stops all answers of a session that is erased.
    func stopAll(in session: SessionID) {
        let ids = state.withLock { state in state.entries.filter { $0.value.session == session }.map(\.key) }
        for id in ids { stop(id) }
    }

    func show(_ event: AnswerEvent, in id: ConversationID) {
        state.withLock { state in
            guard var entry = state.entries[id] else { return }
            let numbered = NumberedAnswerEvent(number: entry.next, event: event)
            entry.next += 1
            if case .writing = event { entry.events.removeAll { if case .writing = $0.event { true } else { false } } }
            entry.events.append(numbered)
            for watcher in entry.watchers.values { watcher.show(numbered) }
            state.entries[id] = entry
        }
    }

    /// Closes the event streams of an answer that ended.
    func finish(_ id: ConversationID) {
        let entry = state.withLock { $0.entries.removeValue(forKey: id) }
        for watcher in entry?.watchers.values ?? [:].values { watcher.finish() }
    }

    /// Tells somebody of all events of the answer that is being written, those after `number` only if it is given. The end
    /// comes with the answer's.
    ///
    /// - Returns: ends it when it is gone; nil where no answer is being written.
    public func watch(_ id: ConversationID, after number: Int?, by watcher: Watcher<NumberedAnswerEvent>) -> Watch? {
        let watching: Int? = state.withLock { state in
            guard var entry = state.entries[id] else { return nil }
            for event in entry.events where event.number > number ?? -1 { watcher.show(event) }
            let watching = state.nextWatcher
            state.nextWatcher += 1
            entry.watchers[watching] = watcher
            state.entries[id] = entry
            return watching
        }
        guard let watching else { return nil }
        return Watch { [weak self] in self?.state.withLock { $0.entries[id]?.watchers[watching] = nil } }
    }

    /// The same as a sequence. A slow reader misses the oldest, never the end.
    public func events(of id: ConversationID, after number: Int?) -> Changes<NumberedAnswerEvent>? {
        Changes(most: 256) { watch(id, after: number, by: $0) }
    }

    /// Takes no new answers and stops those that are being written, because the server stops.
    public func close() {
        let ids = state.withLock { state in
            state.isClosed = true
            return Array(state.entries.keys)
        }
        for id in ids { stop(id) }
    }
}
