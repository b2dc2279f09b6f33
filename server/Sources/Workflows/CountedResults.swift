import Domain
import Synchronization

/// Remembers of which results it is known what they ask for, so that they aren't read again. Nothing of what they say is
/// remembered, and after a start each is read once.
final class CountedResults: Sendable {
    private struct Session {
        /// What a result asks for depends on the history too.
        var intake: Int
        var marks: Set<AnalysisMark>
    }

    private let sessions = Mutex<[SessionID: Session]>([:])
    /// So many sessions are remembered; then it starts anew.
    private let most: Int

    init(most: Int = 4096) {
        self.most = most
    }

    /// The completed ones that weren't read in this state of the history.
    func new(_ marks: [AnalysisMark], of session: SessionID, intake: Int) -> [AnalysisMark] {
        let known = sessions.withLock { $0[session] }
        return marks.filter {
            $0.state == .completed && !(known?.intake == intake && known?.marks.contains($0) == true)
        }
    }

    /// What they ask for is durable.
    func note(_ marks: [AnalysisMark], of session: SessionID, intake: Int) {
        guard !marks.isEmpty else { return }
        sessions.withLock { sessions in
            if sessions.count >= most, sessions[session] == nil { sessions = [:] }
            if sessions[session]?.intake == intake {
                sessions[session]?.marks.formUnion(marks)
            } else {
                sessions[session] = Session(intake: intake, marks: Set(marks))
            }
        }
    }
}
