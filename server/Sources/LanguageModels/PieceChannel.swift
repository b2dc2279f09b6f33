internal import Synchronization
internal import Workflows

/// Hands the pieces of one answer from the connection to the one who reads them.
///
/// It holds a bounded number; a full one makes the writer wait, so that a slow reader slows the connection down and
/// nothing piles up in memory.
final class PieceChannel: Sendable {
    private enum Ending {
        case whole
        case fault(LanguageModelFault)
    }

    private struct State {
        var pieces: [String] = []
        var sent = 0
        var ending: Ending?
        var readers: [CheckedContinuation<Void, Never>] = []
        var writer: CheckedContinuation<Void, Never>?
        var writerIsStopped = false

        mutating func wakeAll() -> [CheckedContinuation<Void, Never>] {
            defer {
                readers = []
                writer = nil
            }
            return readers + (writer.map { [$0] } ?? [])
        }
    }

    private let state = Mutex(State())
    private let capacity: Int

    init(capacity: Int = 32) {
        self.capacity = capacity
    }

    /// Whether a piece was ever sent: from then on, no other endpoint can begin anew.
    var hasSent: Bool { state.withLock { $0.sent > 0 } }
    /// How many pieces wait for the reader.
    var held: Int { state.withLock { $0.pieces.count } }

    /// Waits for room. One task sends.
    ///
    /// - Returns: false when nobody will read it, or this task was cancelled.
    func send(_ piece: String) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayGoOn = state.withLock { state in
                    if state.pieces.count < capacity || state.ending != nil || state.writerIsStopped { return true }
                    state.writer = continuation
                    return false
                }
                if mayGoOn { continuation.resume() }
            }
        } onCancel: {
            let writer = state.withLock { state in
                defer { state.writer = nil }
                state.writerIsStopped = true
                return state.writer
            }
            writer?.resume()
        }
        let (isTaken, waking): (Bool, [CheckedContinuation<Void, Never>]) = state.withLock { state in
            guard state.ending == nil, !state.writerIsStopped else { return (false, []) }
            state.pieces.append(piece)
            state.sent += 1
            defer { state.readers = [] }
            return (true, state.readers)
        }
        for reader in waking { reader.resume() }
        return isTaken
    }

    /// - Parameter fault: nil for a whole answer. The pieces that were sent are still read first.
    func finish(_ fault: LanguageModelFault?) {
        let waking = state.withLock { state in
            if state.ending == nil { state.ending = fault.map(Ending.fault) ?? .whole }
            return state.wakeAll()
        }
        for continuation in waking { continuation.resume() }
    }

    /// Nobody reads on.
    func abandon() {
        let waking = state.withLock { state in
            state.pieces = []
            state.ending = .whole
            return state.wakeAll()
        }
        for continuation in waking { continuation.resume() }
    }

    /// The next piece; nil at the end of a whole answer, or of one that was abandoned.
    func next() async throws(LanguageModelFault) -> String? {
        while true {
            let (piece, ending, writer) = state.withLock { state in
                let piece = state.pieces.isEmpty ? nil : state.pieces.removeFirst()
                defer { state.writer = nil }
                return (piece, state.ending, state.writer)
            }
            writer?.resume()
            if let piece { return piece }
            switch ending {
            case .whole: return nil
            case .fault(let fault): throw fault
            case nil: break
            }
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if !state.pieces.isEmpty || state.ending != nil { return true }
                    state.readers.append(continuation)
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }
}
